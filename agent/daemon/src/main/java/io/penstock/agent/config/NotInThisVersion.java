package io.penstock.agent.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the configuration's design has and this version cannot do yet. It is refused by name, never ignored: whoever
 * writes {@code tls:} must not get a plain port. When a feature comes, its rows go.
 *
 * <p>Rule paths are key paths with {@code []} for any element of a list.
 */
final class NotInThisVersion {

    sealed interface Row {
        String path();

        String feature();
    }

    /** The key itself. */
    record Key(String path, String feature) implements Row {}

    /** This one value of a key. */
    record Value(String path, String value, String feature) implements Row {}

    /** Every value of a list or section but the empty one: switching off what is not there is no lie. */
    record Filled(String path, String feature) implements Row {}

    static final NotInThisVersion TABLE = new NotInThisVersion(Stream.<Stream<? extends Row>>of(
                    sources("forward", "limits"),
                    sources("log4j", "limits"),
                    sources("kinesis-api", "limits"),
                    Stream.of(new Key("admin.tls", "TLS on the admin port")))
            .<Row>flatMap(rows -> rows)
            .toList());

    private final List<Row> rows;

    NotInThisVersion(List<Row> rows) {
        this.rows = rows;
    }

    /** What every source will have. */
    private static Stream<Row> sources(String source, String... keys) {
        return Stream.of(keys)
                .map(key -> new Key(
                        source + "." + key,
                        switch (key) {
                            case "tls" -> "TLS on listeners";
                            case "auth" -> "authentication";
                            default -> "limits per client";
                        }));
    }

    /** The feature that the key at {@code path} belongs to, when it is not here yet. */
    Optional<String> key(String path) {
        return first(row -> row instanceof Key && row.path().equals(path));
    }

    /** The feature that {@code value} at {@code path} asks for, when it is not here yet. */
    Optional<String> value(String path, String value) {
        return first(row -> row instanceof Value refused
                && refused.path().equals(path)
                && refused.value().equals(value));
    }

    /** The feature that anything but the empty list or section at {@code path} asks for, when it is not here yet. */
    Optional<String> filled(String path) {
        return first(row -> row instanceof Filled && row.path().equals(path));
    }

    private Optional<String> first(Predicate<Row> test) {
        return rows.stream().filter(test).findFirst().map(Row::feature);
    }

    List<Row> rows() {
        return rows;
    }

    /** The refused keys of the section at {@code path}. */
    Set<String> keysOf(String path) {
        Set<String> keys = new TreeSet<>();
        String start = path.isEmpty() ? "" : path + ".";
        for (Row row : rows) {
            if (row instanceof Key && row.path().startsWith(start)) {
                keys.add(row.path().substring(start.length()));
            }
        }
        return keys;
    }
}
