package io.penstock.forward.server.internal.msgpack;

import java.util.Arrays;

/** Looks fields up in a map that was checked before. Mutable, for one owner at a time. */
public final class MapSearch {
    private final MsgpackCursor cursor = new MsgpackCursor();

    /**
     * @param from where the map begins
     * @return where the value of its first field {@code name} begins; -1 when there is none
     */
    public int find(byte[] bytes, int from, int end, byte[] name) {
        cursor.reset(bytes, from, end);
        try {
            int count = cursor.map("a record");
            for (int i = 0; i < count; i++) {
                if (isString(bytes, name)) {
                    return cursor.at();
                }
                cursor.skip();
            }
        } catch (BadChunkException e) {
            throw new IllegalStateException("a record changed after it was checked", e);
        }
        return -1;
    }

    /** Lets go of the bytes that were searched last. */
    public void forget() {
        cursor.forget();
    }

    private boolean isString(byte[] bytes, byte[] name) throws BadChunkException {
        if (!Msgpack.isString(cursor.type())) {
            cursor.skip();
            return false;
        }
        int length = cursor.text("a key");
        int at = cursor.at();
        cursor.jump(length);
        return length == name.length && Arrays.equals(name, 0, length, bytes, at, at + length);
    }
}
