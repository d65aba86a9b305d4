#include "view/ui_state.h"

/* Images stand where symbols are stepped through and attended to. */
bool ui_has_page(const struct ui *ui, enum ui_page page)
{
    bool symbols = page == PAGE_ATTENTION || page == PAGE_STEP || page == PAGE_PROBE;
    return ui->draws ? !symbols : page != PAGE_IMAGES;
}

enum ui_page ui_page_at(const struct ui *ui, int k)
{
    int page = 0;
    for (; page < PAGE_COUNT; page++)
        if ((ui_has_page(ui, (enum ui_page)page) || ui->page == (enum ui_page)page) && k-- == 0)
            break;
    return (enum ui_page)page;
}
