package io.penstock.forward.client.internal.chunk;

/** The location and size of a chunk in the spill file. Immutable. */
public final class Place {
    private final int block;
    private final int blocks;
    private final long order;
    private final int length;
    private final int events;

    /**
     * @param order position in the order of the file's chunks
     * @param length of the saved entries in bytes
     */
    public Place(int block, int blocks, long order, int length, int events) {
        this.block = block;
        this.blocks = blocks;
        this.order = order;
        this.length = length;
        this.events = events;
    }

    public int block() {
        return block;
    }

    public int blocks() {
        return blocks;
    }

    public long order() {
        return order;
    }

    public int length() {
        return length;
    }

    public int events() {
        return events;
    }
}
