package io.penstock.agent.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.penstock.agent.http.answer.Problem;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** The query of a request: each parameter has a default and bounds; one that is wrong is answered with 400. */
public final class Parameters {
    private static final int LONGEST = 256;

    private final ServiceRequestContext context;

    public Parameters(ServiceRequestContext context) {
        this.context = context;
    }

    /** A parameter that cannot be used. */
    private static final class Wrong extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String remedy;

        Wrong(String error, String remedy) {
            super(error);
            this.remedy = remedy;
        }
    }

    /** What {@code work} answers, or 400 with the remedy. */
    public static HttpResponse answer(Supplier<HttpResponse> work) {
        try {
            return work.get();
        } catch (Wrong wrong) {
            return Problem.of(HttpStatus.BAD_REQUEST, String.valueOf(wrong.getMessage()), wrong.remedy)
                    .toResponse();
        }
    }

    /** The parameter, or {@code usual} without it; at most {@value #LONGEST} characters. */
    public String text(String name, String usual) {
        String value = Objects.requireNonNullElse(context.queryParams().get(name), usual);
        if (value.length() > LONGEST) {
            throw new Wrong(name + " has " + value.length() + " characters", "give at most " + LONGEST);
        }
        return value;
    }

    /** The parameter as a whole number, or {@code usual} without it. */
    public int number(String name, int usual, int least, int most) {
        String value = context.queryParams().get(name);
        if (value == null) {
            return usual;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException not) {
            // answered below, as a number out of bounds
        }
        throw new Wrong(
                name + " is '" + Problem.excerpt(value) + "'", "give a whole number from " + least + " to " + most);
    }

    public Page page() {
        return new Page(number("offset", 0, 0, Integer.MAX_VALUE), number("limit", 50, 1, Page.MOST));
    }

    ObjectNode clients(ClientTable table) {
        Sort sort = sort("source", ClientTable.orders());
        return table.rows(text("search", ""), sort.key(), sort.descending(), page(), System.nanoTime());
    }

    /** What a table is sorted by. */
    public record Sort(String key, boolean descending) {}

    /** The parameter {@code sort}, one of {@code keys}. */
    public Sort sort(String usual, List<String> keys) {
        String sort = text("sort", usual);
        boolean descending = sort.startsWith("-");
        String key = descending ? sort.substring(1) : sort;
        if (!keys.contains(key)) {
            throw new Wrong(
                    "sort is '" + Problem.excerpt(sort) + "'",
                    "give one of " + String.join(", ", keys) + ", with - before it for the largest first");
        }
        return new Sort(key, descending);
    }

    StreamQuery streams() {
        Sort sort = sort("-trouble", StreamQuery.orders());
        return new StreamQuery(text("search", ""), text("condition", ""), sort.key(), sort.descending(), page());
    }
}
