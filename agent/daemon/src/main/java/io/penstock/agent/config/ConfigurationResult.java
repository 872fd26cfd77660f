package io.penstock.agent.config;

import java.util.List;

/** What came of reading a configuration. */
public sealed interface ConfigurationResult {

    /** It is right in every respect that can be judged without touching the network or the disk. */
    record Loaded(Configuration configuration) implements ConfigurationResult {}

    /**
     * It is not.
     *
     * @param mistakes all of them, at least one, in the order of the file; at most the first hundred
     */
    record Invalid(List<Mistake> mistakes) implements ConfigurationResult {
        public Invalid {
            mistakes = List.copyOf(mistakes);
        }
    }
}
