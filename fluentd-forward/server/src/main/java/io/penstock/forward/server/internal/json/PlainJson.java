package io.penstock.forward.server.internal.json;

import io.penstock.base.bytes.GrowingBytes;
import io.penstock.base.bytes.JsonText;

/**
 * As short as can be: text as it is but for what JSON makes escape, few digits for floats.
 *
 * @param binaryIsText otherwise it is in base64
 */
record PlainJson(boolean binaryIsText) implements DialectWriter {
    @Override
    public int string(byte[] utf8, int from, int count, GrowingBytes out) {
        return JsonText.string(utf8, from, count, out);
    }

    @Override
    public void number(double value, GrowingBytes out) {
        JsonText.number(value, out);
    }

    @Override
    public void number(float value, GrowingBytes out) {
        JsonText.number(value, out);
    }
}
