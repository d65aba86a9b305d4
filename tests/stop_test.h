/* End a test with a message: cmocka's fail_msg needs its macro fail, which would hide ours. */
#ifndef HEED_TESTS_STOP_TEST_H
#define HEED_TESTS_STOP_TEST_H

#define stop_test(...)                                                                             \
    do {                                                                                           \
        print_error(__VA_ARGS__);                                                                  \
        _fail(__FILE__, __LINE__);                                                                 \
    } while (0)

#endif
