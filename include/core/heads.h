/* What may be done to an attention head while it is looked at; no training step knows of it. */
#ifndef HEED_CORE_HEADS_H
#define HEED_CORE_HEADS_H

enum head_change {
    HEAD_WHOLE,
    HEAD_REMOVED,  /* all its weights are 0: it adds nothing to the stream */
    HEAD_POSITIVE, /* its weights below 0 are 0, the others stay as they are */
    HEAD_UNIFORM,  /* each of the n keys that a query sees weighs 1/n */
    HEAD_CHANGES
};

#endif
