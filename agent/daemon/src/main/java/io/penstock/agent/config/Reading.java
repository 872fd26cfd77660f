package io.penstock.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One reading of one file: what is known from outside, what was found wrong, and what the sections have in common. One
 * thread.
 */
final class Reading {

    /** A listener of the configuration, with the key that it stands under. */
    record Listener(ListenAddress address, Place place, String path) {}

    final Environment environment;
    final NotInThisVersion missing;
    final Mistakes mistakes = new Mistakes();

    private final List<Listener> listeners = new ArrayList<>();
    private final Set<String> keys = new TreeSet<>();

    Reading(Environment environment, NotInThisVersion missing) {
        this.environment = environment;
        this.missing = missing;
    }

    void asked(String rulePath) {
        keys.add(rulePath);
    }

    /** Rule paths of all the keys that were asked for: the vocabulary of the configuration. */
    Set<String> keys() {
        return Set.copyOf(keys);
    }

    void listens(ListenAddress address, Place place, String path) {
        listeners.add(new Listener(address, place, path));
    }

    void dropListeners(String path) {
        listeners.removeIf(listener -> listener.path().equals(path));
    }

    /** Two listeners cannot have one address; the one that stands in the file is told of the other. */
    void checkClashes() {
        for (int i = 0; i < listeners.size(); i++) {
            for (int j = i + 1; j < listeners.size(); j++) {
                if (listeners.get(i).address().clashesWith(listeners.get(j).address())) {
                    clash(listeners.get(i), listeners.get(j));
                }
            }
        }
    }

    private void clash(Listener one, Listener other) {
        Listener told = other.place().known() ? other : one;
        Listener kept = other.place().known() ? one : other;
        mistakes.add(
                told.place(),
                told.path(),
                "\"" + told.address() + "\" is taken by " + kept.path()
                        + (kept.place().known() ? " in line " + kept.place().line() : " by default"),
                "give one of them another port");
    }
}
