package io.penstock.agent.admin;

import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Reload;
import io.penstock.base.settings.Written;

/** {@code admin:} */
public record AdminSettings(
        @Key(usual = "127.0.0.1:9890") @Doc("where `/livez`, `/readyz` and `/metrics` are")
        ListenAddress listen,

        @Inline WebAccess web,

        @Key(usual = "false") @Doc("whether other machines may read it without authentication")
        boolean allowAnonymous,

        @Key(reload = Reload.HOT, usual = "false")
        @Doc("whether programs and web pages of this machine may change something through it, such as to reload the"
                + " configuration (`POST /api/reload`); without it only [the agent's own"
                + " user](operations.md#reload-the-configuration)")
        boolean allowChanges)
        implements Completed<AdminSettings> {
    @Override
    public AdminSettings completed(Written admin) {
        ListenRule.check(admin, listen, allowAnonymous, "");
        if (allowChanges && !listen.loopback()) {
            admin.wrong(
                    "allow-changes",
                    "would let every machine that reaches \"" + listen
                            + "\" change the agent, because this port asks for" + " no authentication",
                    "listen on 127.0.0.1, or take it out");
        }
        return this;
    }
}
