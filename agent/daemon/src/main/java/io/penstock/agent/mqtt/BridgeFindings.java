package io.penstock.agent.mqtt;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import io.penstock.base.condition.Finding;
import io.penstock.base.condition.Place;
import io.penstock.base.condition.Severity;
import io.penstock.mqtt.bridge.BridgeFault;
import io.penstock.mqtt.bridge.BridgeState;
import java.util.ArrayList;
import java.util.List;

/** The conditions of a bridge. All are degraded: other sources go on, and the broker keeps what it has. Stateless. */
final class BridgeFindings {
    private BridgeFindings() {}

    static List<Finding> of(BridgeState state) {
        List<Finding> found = new ArrayList<>();
        Place place = Place.bridge(state.name());
        for (BridgeState.Connection each : state.connections()) {
            each.fault()
                    .ifPresent(fault -> found.add(degraded(
                            place, new Explanation(name(fault), each.url() + ": " + fault.text(), fault.remedy()))));
            if (each.held()) {
                found.add(degraded(
                        place,
                        Explanation.of(ConditionName.BRIDGE_HELD, "what the broker sends waits for room in a spool")));
            }
            for (BridgeState.RefusedFilter filter : each.refused()) {
                found.add(degraded(place, refused(filter)));
            }
        }
        return found;
    }

    private static Finding degraded(Place place, Explanation why) {
        return new Finding(Severity.DEGRADED, place, why);
    }

    private static Explanation refused(BridgeState.RefusedFilter filter) {
        return filter.isRefused()
                ? new Explanation(
                        ConditionName.BRIDGE_REFUSED,
                        "the broker refuses the filter " + filter.filter() + ": " + filter.reason(),
                        "permit it at the broker, or take it out of topics")
                : new Explanation(
                        ConditionName.BRIDGE_REFUSED,
                        "the broker grants the filter " + filter.filter() + " QoS " + filter.code() + " only",
                        "ask for no more, or let the broker grant it");
    }

    private static ConditionName name(BridgeFault fault) {
        return switch (fault.kind()) {
            case NO_SUCH_HOST -> ConditionName.HOST_UNKNOWN;
            case CONNECTION_REFUSED -> ConditionName.CONNECTION_REFUSED;
            case UNREACHABLE -> ConditionName.UNREACHABLE;
            case NOT_TRUSTED -> ConditionName.TLS_UNTRUSTED;
            case NOT_VALID_NOW -> ConditionName.TLS_NOT_VALID_NOW;
            case WRONG_NAME -> ConditionName.TLS_WRONG_NAME;
            case TLS_FAILED -> ConditionName.TLS_FAILED;
            case NO_ANSWER -> ConditionName.NO_ANSWER;
            case CONNECTION_LOST -> ConditionName.CONNECTION_LOST;
            case PROTOCOL_ERROR, WEBSOCKET_REFUSED -> ConditionName.PROXY_OR_LOGIN_PAGE;
            case BROKER_UNAVAILABLE -> ConditionName.SERVICE_ERROR;
            case TAKEN_OVER -> ConditionName.SESSION_STORM;
            case STORE_FAILED -> ConditionName.DISK_FAILED;
            case HANDLER_FAILED, INTERNAL_ERROR -> ConditionName.DEFECT;
            case FILE_UNFIT,
                    BAD_CREDENTIALS,
                    NOT_AUTHORIZED,
                    CLIENT_ID_REFUSED,
                    VERSION_REFUSED,
                    OTHER_SERVER,
                    FILTER_REFUSED -> ConditionName.BRIDGE_REFUSED;
        };
    }
}
