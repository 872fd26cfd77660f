package io.penstock.agent.live;

import java.util.List;

/** A part of a long table: {@code limit} rows from {@code offset} on. */
public record Page(int offset, int limit) {
    static final int MOST = 200;

    public <T> List<T> of(List<T> rows) {
        int from = Math.min(offset, rows.size());
        return rows.subList(from, Math.min(rows.size(), from + limit));
    }
}
