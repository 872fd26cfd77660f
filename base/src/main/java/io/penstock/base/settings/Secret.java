package io.penstock.base.settings;

/** What no log, status or printed configuration shows. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
