package io.penstock.forward.server.internal.json;

import io.penstock.forward.server.JsonBuffer;

/** As short as can be: text as it is but for what JSON makes escape, few digits for floats, binary in base64. */
final class PlainJson implements DialectWriter {
    @Override
    public int string(byte[] utf8, int from, int count, JsonBuffer out) {
        return out.string(utf8, from, count);
    }

    @Override
    public void number(double value, JsonBuffer out) {
        out.number(value);
    }

    @Override
    public void number(float value, JsonBuffer out) {
        out.number(value);
    }

    @Override
    public boolean binaryIsText() {
        return false;
    }
}
