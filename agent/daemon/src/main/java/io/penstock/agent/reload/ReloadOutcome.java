package io.penstock.agent.reload;

import io.penstock.base.settings.Reload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of a reload.
 *
 * @param at when
 * @param refusal why the changed configuration is not used at all; empty if it is
 * @param applied the changes that hold from now on
 * @param waiting the changes that need a restart
 */
public record ReloadOutcome(Instant at, Optional<String> refusal, List<Change> applied, List<Change> waiting) {
    public ReloadOutcome {
        applied = List.copyOf(applied);
        waiting = List.copyOf(waiting);
    }

    public static ReloadOutcome refused(Instant at, String why) {
        return new ReloadOutcome(at, Optional.of(why), List.of(), List.of());
    }

    /** Of a configuration that holds as far as it can. */
    public static ReloadOutcome applied(Instant at, List<Change> changes) {
        return new ReloadOutcome(
                at,
                Optional.empty(),
                changes.stream().filter(change -> change.effect() == Reload.HOT).toList(),
                changes.stream()
                        .filter(change -> change.effect() == Reload.RESTART)
                        .toList());
    }

    public boolean isRefused() {
        return refusal.isPresent();
    }

    /** Why the change of a key waits. */
    public static String reason(Change waiting) {
        return RestartReasons.of(waiting.rule()).orElse("it is read at the start only");
    }

    /** A line for each change, or why there is none. */
    public List<String> lines() {
        if (refusal.isPresent()) {
            return List.of("nothing is changed, and the former configuration stays in effect: " + refusal.get());
        }
        if (applied.isEmpty() && waiting.isEmpty()) {
            return List.of("nothing is changed: the file says what is in effect");
        }
        List<String> lines = new ArrayList<>();
        applied.forEach(change -> lines.add(change.describe()));
        waiting.forEach(change -> lines.add(change.describe() + " needs a restart, because " + reason(change)));
        return lines;
    }
}
