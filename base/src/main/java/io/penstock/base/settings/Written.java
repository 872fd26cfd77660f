package io.penstock.base.settings;

import java.util.List;
import java.util.Optional;

/**
 * What stands in a section of the file, and where, for the rules that concern several keys. One thread, while the file
 * is read.
 */
public interface Written {
    /** Whether {@code key} stands in the section. */
    boolean has(String key);

    /** The line that {@code key} stands in. */
    int line(String key);

    /** Whether the value of {@code key} can be judged: what stands there is right, or the default holds. */
    boolean right(String key);

    /** A mistake at {@code key}. */
    void wrong(String key, String reason, String remedy);

    /** A mistake at the value of {@code key}, at element {@code index} of a list. */
    void wrongValue(String key, int index, String reason, String remedy);

    /** A mistake at the section: {@code key} is not there. */
    void lacks(String key, String reason, String remedy);

    /** The section at {@code key}; an empty one without the key. */
    Written section(String key);

    /** The sections of the list at {@code key} of which settings were made, in their order. */
    List<? extends Written> sections(String key);

    /**
     * Says that the section at {@code key}, which does not say so itself, is the one of several with this {@link Word}:
     * keys of the others are mistakes then.
     */
    void is(String key, String word);

    /** A variable of the environment. */
    Optional<String> variable(String name);
}
