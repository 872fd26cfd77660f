package io.penstock.engine.fault;

/**
 * The error types of the Kinesis API model, and the common ones of the AWS JSON protocol, with their HTTP status.
 *
 * @see <a href="https://docs.aws.amazon.com/kinesis/latest/APIReference/CommonErrors.html">Kinesis, common errors</a>
 */
public enum ErrorType {
    ACCESS_DENIED("AccessDeniedException", 400),
    DRY_RUN("DryRunOperationException", 400),
    EXPIRED_ITERATOR("ExpiredIteratorException", 400),
    EXPIRED_NEXT_TOKEN("ExpiredNextTokenException", 400),
    INCOMPLETE_SIGNATURE("IncompleteSignatureException", 400),
    INTERNAL_FAILURE("InternalFailure", 500),
    INVALID_ARGUMENT("InvalidArgumentException", 400),
    INVALID_SIGNATURE("InvalidSignatureException", 400),
    LIMIT_EXCEEDED("LimitExceededException", 400),
    MISSING_AUTHENTICATION_TOKEN("MissingAuthenticationTokenException", 400),
    THROUGHPUT_EXCEEDED("ProvisionedThroughputExceededException", 400),
    REQUEST_TIMEOUT("RequestTimeoutException", 408),
    REQUEST_TOO_LARGE("RequestEntityTooLargeException", 413),
    RESOURCE_IN_USE("ResourceInUseException", 400),
    RESOURCE_NOT_FOUND("ResourceNotFoundException", 400),
    SERIALIZATION("SerializationException", 400),
    SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
    UNKNOWN_OPERATION("UnknownOperationException", 400),
    UNRECOGNIZED_CLIENT("UnrecognizedClientException", 400),
    VALIDATION("ValidationException", 400);

    private final String wireName;
    private final int status;

    ErrorType(String wireName, int status) {
        this.wireName = wireName;
        this.status = status;
    }

    /** The name in {@code __type} and in a record's {@code ErrorCode}. */
    public String wireName() {
        return wireName;
    }

    public int status() {
        return status;
    }
}
