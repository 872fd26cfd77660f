package io.penstock.agent.reload;

/** The changed configuration cannot be used, and nothing of it is; the message says why and what to do. */
public final class ReloadRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    public ReloadRefusedException(String why) {
        super(why);
    }

    public ReloadRefusedException(String why, Throwable cause) {
        super(why, cause);
    }
}
