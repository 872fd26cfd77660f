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

        @Key @Doc("who may read it, and change something through it")
        AdminAuthSettings auth,

        @Key(usual = "false")
        @Doc("whether other machines may read it without authentication; with `admin.auth` also whether a request"
                + " without credentials is answered, from wherever: what changes something needs them then, too")
        boolean allowAnonymous,

        @Key(reload = Reload.HOT, usual = "false")
        @Doc("whether something may be changed through it, such as to reload the configuration (`POST /api/reload`): by"
                + " those of `admin.auth`, or, without it, by programs and web pages of this machine. Otherwise only [the"
                + " agent's own user](operations.md#reload-the-configuration) may")
        boolean allowChanges)
        implements Completed<AdminSettings> {
    /** Asks for no credentials and lets nothing be changed. */
    public static AdminSettings open(ListenAddress listen) {
        return new AdminSettings(listen, WebAccess.NONE, AdminAuthSettings.NONE, false, false);
    }

    @Override
    public AdminSettings completed(Written admin) {
        ListenRule.check(admin, listen, allowAnonymous || auth.isOn(), AdminAuthSettings.REMEDY);
        if (allowChanges && !auth.isOn() && !listen.loopback()) {
            admin.wrong(
                    "allow-changes",
                    "would let every machine that reaches \"" + listen
                            + "\" change the agent, because this port asks for no authentication",
                    AdminAuthSettings.REMEDY + ", or listen on 127.0.0.1, or take it out");
        }
        return this;
    }
}
