package io.penstock.agent.forward;

import io.penstock.forward.server.Chunk;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which tags and streams each user may send to. Any thread. */
final class ForwardRights {
    /** Replaced as a whole. */
    private volatile Map<String, ForwardUser> users;

    ForwardRights(List<ForwardUser> users) {
        this.users = limited(users);
    }

    /** From now on these hold, also for chunks of connections that are open. */
    void replace(List<ForwardUser> others) {
        users = limited(others);
    }

    private static Map<String, ForwardUser> limited(List<ForwardUser> users) {
        Map<String, ForwardUser> limited = new HashMap<>();
        for (ForwardUser user : users) {
            if (!user.tags().isEmpty() || !user.streams().isEmpty()) {
                limited.put(user.name(), user);
            }
        }
        return limited;
    }

    /** Why {@code chunk} may not be sent under its tag; empty when it may. */
    Optional<String> objectionToTag(Chunk chunk) {
        Map<String, ForwardUser> limited = users;
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
        Map<String, ForwardUser> limited = users;
        ForwardUser user = limited.isEmpty() ? null : limited.get(chunk.peer().user());
        return user != null && !user.streams().isEmpty();
    }

    /** Why {@code chunk} may not go to {@code stream}; empty when it may. */
    Optional<String> objectionToStream(Chunk chunk, String stream) {
        Map<String, ForwardUser> limited = users;
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
