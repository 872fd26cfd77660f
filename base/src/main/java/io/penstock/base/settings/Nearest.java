package io.penstock.base.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the candidate that a mistyped text means: the one with the smallest edit distance, if it is near enough; else the
 * only one that the text begins, or is a word of, as {@code cert} is of {@code certificate} and {@code shards} of
 * {@code default-shards}.
 */
public final class Nearest {
    private static final int LEAST_PREFIX = 3;

    private Nearest() {}

    public static Optional<String> to(String written, Collection<String> candidates) {
        String plain = plain(written);
        if (plain.length() > 64) {
            return Optional.empty();
        }
        return candidates.stream()
                .filter(candidate -> distance(plain, plain(candidate)) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.<String>comparingInt(candidate -> distance(plain, plain(candidate)))
                        .thenComparing(Comparator.naturalOrder()))
                .or(() -> onlyPart(plain, candidates));
    }

    private static Optional<String> onlyPart(String plain, Collection<String> candidates) {
        List<String> found = candidates.stream()
                .filter(candidate -> isPart(plain, plain(candidate)))
                .distinct()
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    private static boolean isPart(String plain, String candidate) {
        return (plain.length() >= LEAST_PREFIX && candidate.startsWith(plain))
                || List.of(candidate.split("-")).contains(plain);
    }

    /** A question with the nearest candidate; {@code otherwise} if none is near. */
    public static String remedy(String written, Collection<String> candidates, String otherwise) {
        return to(written, candidates).map(near -> "did you mean " + near + "?").orElse(otherwise);
    }

    private static String plain(String key) {
        return key.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Insertions, deletions, replacements and swaps of adjacent characters (optimal string alignment). */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            int[] free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
