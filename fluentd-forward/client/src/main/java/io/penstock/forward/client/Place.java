package io.penstock.forward.client;

/** Where in the spill file a chunk is, and how much of it. Immutable. */
final class Place {
    private final int block;
    private final int blocks;
    private final long order;
    private final int length;
    private final int events;

    /**
     * @param order what it has in the order of the file's chunks
     * @param length of the entries that are there
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
