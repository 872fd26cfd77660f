package io.penstock.forward.client;

/** The location and size of a chunk in the spill file. Immutable. */
final class Place {
    private final int block;
    private final int blocks;
    private final long order;
    private final int length;
    private final int events;

    /**
     * @param order position in the order of the file's chunks
     * @param length of the saved entries in bytes
     */
    Place(int block, int blocks, long order, int length, int events) {
        this.block = block;
        this.blocks = blocks;
        this.order = order;
        this.length = length;
        this.events = events;
    }

    int block() {
        return block;
    }

    int blocks() {
        return blocks;
    }

    long order() {
        return order;
    }

    int length() {
        return length;
    }

    int events() {
        return events;
    }
}
