package io.penstock.delivery.kinesis.http;

import io.penstock.base.text.CauseText;
import java.nio.file.Path;

/** The target's file of trusted authorities is missing or damaged. An operator must correct it. */
public final class UnreadableAuthorities extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableAuthorities(Path file, Exception cause) {
        super("the authorities in " + file + " cannot be read: " + CauseText.orUnknown(cause), cause);
    }
}
