package io.penstock.base.settings;

/** A value that must not appear in a log, a status or a printed configuration. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
