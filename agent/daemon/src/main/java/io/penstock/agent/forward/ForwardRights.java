package io.penstock.agent.forward;

import io.penstock.forward.server.Chunk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which tags and streams each user may send to. Immutable. */
final class ForwardRights {
    private final Map<String, ForwardUser> limited = new HashMap<>();

    ForwardRights(List<ForwardUser> users) {
        for (ForwardUser user : users) {
            if (!user.tags().isEmpty() || !user.streams().isEmpty()) {
                limited.put(user.name(), user);
            }
        }
    }

    /** Why {@code chunk} may not be sent under its tag; empty when it may. */
    Optional<String> objectionToTag(Chunk chunk) {
        if (limited.isEmpty()) {
            return Optional.empty();
        }
        ForwardUser user = limited.get(chunk.peer().user());
        if (user == null || user.tags().isEmpty() || user.tags().stream().anyMatch(tag -> tag.matches(chunk.tag()))) {
            return Optional.empty();
        }
        return Optional.of("user '" + user.name() + "' may not send the tag '" + chunk.tag() + "'");
    }

    /** Whether its sender may write to some streams only. */
    boolean limitStreamsOf(Chunk chunk) {
        ForwardUser user = limited.isEmpty() ? null : limited.get(chunk.peer().user());
        return user != null && !user.streams().isEmpty();
    }

    /** Why {@code chunk} may not go to {@code stream}; empty when it may. */
    Optional<String> objectionToStream(Chunk chunk, String stream) {
        if (limited.isEmpty()) {
            return Optional.empty();
        }
        ForwardUser user = limited.get(chunk.peer().user());
        if (user == null || user.streams().isEmpty() || user.streams().contains(stream)) {
            return Optional.empty();
        }
        return Optional.of("user '" + user.name() + "' may not write to the stream '" + stream + "'");
    }
}
