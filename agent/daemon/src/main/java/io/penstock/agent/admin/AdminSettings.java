package io.penstock.agent.admin;

import io.penstock.base.net.ListenAddress;
import io.penstock.base.net.ListenRule;
import io.penstock.base.net.WebAccess;
import io.penstock.base.settings.Completed;
import io.penstock.base.settings.Doc;
import io.penstock.base.settings.Inline;
import io.penstock.base.settings.Key;
import io.penstock.base.settings.Written;

/** {@code admin:} */
public record AdminSettings(
        @Key(usual = "127.0.0.1:9890") @Doc("where `/livez`, `/readyz` and `/metrics` are")
        ListenAddress listen,

        @Inline WebAccess web,

        @Key(usual = "false") @Doc("whether other machines may read it without authentication")
        boolean allowAnonymous)
        implements Completed<AdminSettings> {
    @Override
    public AdminSettings completed(Written admin) {
        ListenRule.check(admin, listen, allowAnonymous, "");
        return this;
    }
}
