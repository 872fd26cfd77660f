package io.penstock.agent.cli;

import io.penstock.base.text.CauseText;
import java.io.PrintWriter;

/** How a command that failed ends. */
final class Failures {
    private Failures() {}

    /**
     * Writes one line on standard error, never a stack trace.
     *
     * @return the exit status
     */
    static int tell(Exception failure, PrintWriter err) {
        err.println("penstock: " + PrintableWriter.printable(message(failure)));
        err.flush();
        return failure instanceof CommandFailure f ? f.exitStatus() : PenstockCommand.FAILURE;
    }

    private static String message(Throwable failure) {
        if (failure instanceof CommandFailure) {
            return String.valueOf(failure.getMessage());
        }
        return CauseText.of(failure).orElse("an unexpected failure without a reason; please report what you typed");
    }
}
