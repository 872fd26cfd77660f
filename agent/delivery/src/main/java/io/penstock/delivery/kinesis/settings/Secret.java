package io.penstock.delivery.kinesis.settings;

/** What nobody may read in a log, a status or a printed configuration. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
