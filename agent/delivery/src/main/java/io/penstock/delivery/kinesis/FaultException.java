package io.penstock.delivery.kinesis;

/** Carries a fault through futures. */
final class FaultException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Fault fault;

    FaultException(Fault fault) {
        super(fault.detail(), null, false, false);
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }
}
