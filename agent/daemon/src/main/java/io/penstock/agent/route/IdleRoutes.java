package io.penstock.agent.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Routes that can never take an event. */
public final class IdleRoutes {
    private IdleRoutes() {}

    /**
     * A sentence for each, with its remedy.
     *
     * @param off says why no event comes that a pattern could take, and the remedy; empty when some may
     */
    public static List<String> warnings(List<Route> routes, Function<RoutePattern, Optional<String>> off) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            RoutePattern match = routes.get(i).match();
            Optional<String> why = off.apply(match);
            if (why.isPresent()) {
                warnings.add(name(i, match) + " never matches, because " + why.get());
                continue;
            }
            for (int earlier = 0; earlier < i; earlier++) {
                RoutePattern before = routes.get(earlier).match();
                if (before.covers(match)) {
                    warnings.add(name(i, match) + " never matches, because " + name(earlier, before)
                            + " takes all of its events: move it before that route, or take it out");
                    break;
                }
            }
        }
        return warnings;
    }

    private static String name(int index, RoutePattern match) {
        return "routes[" + index + "] (" + match + ")";
    }
}
