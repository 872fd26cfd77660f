package io.penstock.delivery.kinesis.fault;

import io.penstock.base.condition.ConditionName;
import io.penstock.base.condition.Explanation;
import java.io.IOException;

/** A proxy opened no tunnel to a target. Nothing was sent to the target. */
public final class ProxyRefusedException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int LOGIN = 407;

    private final int status;

    /** @param statusLine of the proxy's answer to CONNECT */
    public ProxyRefusedException(int status, String statusLine) {
        super(statusLine);
        this.status = status;
    }

    Explanation why(String server) {
        return status == LOGIN
                ? Explanation.of(ConditionName.PROXY_LOGIN, getMessage() + ": the proxy refuses the login")
                : new Explanation(
                        ConditionName.PROXY_OR_LOGIN_PAGE,
                        getMessage() + ": the proxy opens no connection to " + server,
                        "permit it at the proxy, or correct proxy.url; hosts under proxy.no-proxy are called directly");
    }
}
