#include "view/ui_state.h"
#include "view/pictures.h"

static const int numbers[] = {
#define VIEW(ID, id, number) [PAGE_##ID] = number,
#include "view/page_list.h"
#undef VIEW
};

int ui_page_number(enum ui_page page)
{
    return numbers[page];
}

enum ui_page ui_page_of_number(int number)
{
    int page = 0;
    while (page < PAGE_COUNT && numbers[page] != number)
        page++;
    return (enum ui_page)page;
}

const char *ui_page_lacks(const struct ui *ui, enum ui_page page)
{
    if (ui->sweep && page != PAGE_MEASURE)
        return "a sweep is followed, on Measure: heed watch DIR/RUN shows one of its runs";
    switch (page) {
    case PAGE_ATTENTION:
        return ui->draws ? "no page Attention: that over patches is on Images (9)" : NULL;
    case PAGE_STEP:
        return ui->draws ? "no page Step: images come out of noise, on Images (9)" : NULL;
    case PAGE_PROBE:
        return ui->draws ? "no page Probe: it asks what heads do with symbols" : NULL;
    case PAGE_IMAGES:
        return ui->draws ? NULL : "no page Images: this race is on symbols";
    case PAGE_MEASURE:
        return ui->beyond || ui->sweep ? NULL
                                       : "no page Measure: of this task nothing beyond its training is "
                                         "measured";
    default:
        return NULL;
    }
}

bool ui_page_bring(struct ui *ui, unsigned pages)
{
    int page = 0;

    if (pages >> ui->page & 1)
        return true;
    while (page < PAGE_COUNT && (!(pages >> page & 1) || ui_page_lacks(ui, (enum ui_page)page)))
        page++;
    if (page < PAGE_COUNT)
        ui_set_page(ui, (enum ui_page)page);
    else
        ui_say(ui, "this race has no page for that command");
    return page < PAGE_COUNT;
}

void ui_page_follow(struct ui *ui, const struct race_snapshot *race)
{
    if (!race)
        return;
    ui->draws = pictures_race(race);
    ui->beyond = false;
    for (int i = 0; i < race->count; i++)
        ui->beyond |= race->contestants[i].reach.count > 0 || race->contestants[i].rows.count > 0;
    if (ui_page_lacks(ui, ui->page)) {
        if (ui->draws && ui->page != PAGE_MEASURE)
            ui_set_page(ui, PAGE_IMAGES);
        else if (ui->page_kept)
            ui_set_page(ui, PAGE_TRAIN);
    }
    ui->page_kept = false;
}

enum ui_page ui_page_at(const struct ui *ui, int k)
{
    int page = 0;
    for (; page < PAGE_COUNT; page++)
        if ((!ui_page_lacks(ui, (enum ui_page)page) || ui->page == (enum ui_page)page) && k-- == 0)
            break;
    return (enum ui_page)page;
}
