package io.penstock.agent.mqtt;

import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Range;
import io.penstock.base.settings.Text;
import io.penstock.base.settings.Written;
import io.penstock.mqtt.bridge.BridgeSettings;
import java.time.Duration;
import java.util.List;

/** {@code take-over:} of a bridge. */
public record BridgeSourceTakeOver(
        @Key(example = "penstock-host-a-plant")
        @Text(what = "a client id", most = 1024)
        @Doc("the client ids of the group's agents; the agent's own does not count, so that all can have one list")
        List<String> members,

        @Key(usual = "30s")
        @Range(least = "1s", most = "1d")
        @Doc("how long an agent must have been away; less than `session-expiry`")
        Duration after)
        implements Completed<BridgeSourceTakeOver> {
    public BridgeSourceTakeOver {
        members = List.copyOf(members);
    }

    /** As the client wants it. */
    BridgeSettings.TakeOver adapted() {
        return new BridgeSettings.TakeOver(members, after);
    }

    @Override
    public BridgeSourceTakeOver completed(Written takeOver) {
        if (members.isEmpty() && takeOver.right("members")) {
            String remedy = "name the agents of the group, such as penstock-HOST-NAME";
            if (takeOver.has("members")) {
                takeOver.wrong("members", "is empty", remedy);
            } else {
                takeOver.lacks("members", "is missing", remedy);
            }
        }
        return this;
    }
}
