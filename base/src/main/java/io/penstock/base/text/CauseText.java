package io.penstock.base.text;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The words of a failure for an operator: the first message of its chain, without the names of classes. Stateless. */
public final class CauseText {
    /** The message of an exception often begins with the class of its cause. */
    private static final Pattern CLASS =
            Pattern.compile("(?:\\b(?:[a-z]\\w*\\.)+[A-Z][\\w$]*(?:Exception|Error|Throwable)\\b"
                    + "|^[A-Z]\\w*(?:Exception|Error)(?=:)):?\\s*");

    private static final int DEEPEST = 20;

    private CauseText() {}

    /** One line of bounded length; empty if no exception of the chain has a message. */
    public static Optional<String> of(Throwable failure) {
        int depth = 0;
        for (Throwable each = failure; each != null && depth < DEEPEST; each = each.getCause(), depth++) {
            String message = ofOne(each);
            if (!message.isBlank()) {
                return Optional.of(message);
            }
        }
        return Optional.empty();
    }

    /** As {@link #of(Throwable)}, or else that nothing is known. */
    public static String orUnknown(Throwable failure) {
        return of(failure).orElse("the cause is in the log");
    }

    private static String ofOne(Throwable one) {
        String message = one.getMessage();
        if (message == null) {
            return "";
        }
        if (one instanceof NoSuchFileException) {
            return "there is no file " + OneLine.of(message);
        }
        if (one instanceof AccessDeniedException) {
            return "permission is denied for " + OneLine.of(message);
        }
        if (one instanceof FileAlreadyExistsException) {
            return OneLine.of(message) + " exists already";
        }
        return withoutClass(message);
    }

    /** The first line of {@code message} without the names of classes. */
    public static String withoutClass(String message) {
        return CLASS.matcher(OneLine.of(message.lines().findFirst().orElse(""))).replaceAll("");
    }
}
