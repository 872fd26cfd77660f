package io.penstock.engine.fault;

/**
 * A refused call; it becomes the error answer that the service gives. It has no stack trace, because it is not a bug.
 */
public final class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorType type;

    public ServiceException(ErrorType type, String message) {
        super(message, null, false, false);
        this.type = type;
    }

    public static ServiceException invalidArgument(String message) {
        return new ServiceException(ErrorType.INVALID_ARGUMENT, message);
    }

    public static ServiceException validation(String message) {
        return new ServiceException(ErrorType.VALIDATION, message);
    }

    public static ServiceException limitExceeded(String message) {
        return new ServiceException(ErrorType.LIMIT_EXCEEDED, message);
    }

    public static ServiceException inUse(String message) {
        return new ServiceException(ErrorType.RESOURCE_IN_USE, message);
    }

    public static ServiceException notFound(String message) {
        return new ServiceException(ErrorType.RESOURCE_NOT_FOUND, message);
    }

    /** The call has passed every check, and asked to have no effect. */
    public static ServiceException dryRun() {
        return new ServiceException(
                ErrorType.DRY_RUN, "The request would have succeeded, but the DryRun parameter was specified.");
    }

    public ErrorType type() {
        return type;
    }

    /** The message; never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
