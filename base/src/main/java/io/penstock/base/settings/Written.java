package io.penstock.base.settings;

import java.util.List;
import java.util.Optional;

/**
 * A section of the file with its lines, for the rules that concern several keys. One thread, while the file is read.
 */
public interface Written {
    /** True if {@code key} is in the section. */
    boolean has(String key);

    /** The line of {@code key}. */
    int line(String key);

    /** True if {@code key} has a valid value: the one in the file is correct, or the default applies. */
    boolean right(String key);

    /** Reports a mistake at {@code key}. */
    void wrong(String key, String reason, String remedy);

    /** Reports a mistake at the value of {@code key}, at element {@code index} of a list. */
    void wrongValue(String key, int index, String reason, String remedy);

    /** Reports a mistake at the section: {@code key} is missing. */
    void lacks(String key, String reason, String remedy);

    /** The section at {@code key}; an empty one if the key is left out. */
    Written section(String key);

    /** The valid sections of the list at {@code key}, in order. */
    List<? extends Written> sections(String key);

    /**
     * Declares that the section at {@code key}, which does not name its variant, is the one with this {@link Word}:
     * keys of other variants are then mistakes.
     */
    void is(String key, String word);

    /** The value of an environment variable. */
    Optional<String> variable(String name);
}
