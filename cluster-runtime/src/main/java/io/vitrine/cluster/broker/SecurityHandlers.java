package io.vitrine.cluster.broker;

import io.vitrine.cluster.controller.Controller;
import io.vitrine.cluster.handler.AlterUserScramCredentialsHandler;
import io.vitrine.cluster.handler.ApiHandler;
import io.vitrine.cluster.handler.CreateAclsHandler;
import io.vitrine.cluster.handler.CreateDelegationTokenHandler;
import io.vitrine.cluster.handler.DeleteAclsHandler;
import io.vitrine.cluster.handler.DescribeAclsHandler;
import io.vitrine.cluster.handler.DescribeDelegationTokenHandler;
import io.vitrine.cluster.handler.DescribeUserScramCredentialsHandler;
import io.vitrine.cluster.handler.ExpireDelegationTokenHandler;
import io.vitrine.cluster.handler.RenewDelegationTokenHandler;
import io.vitrine.cluster.handler.SaslOutOfTurnHandler;
import io.vitrine.cluster.security.Authorizer;
import io.vitrine.cluster.security.DelegationTokens;
import io.vitrine.cluster.zookeeper.ConfigStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The handlers of calls about who may come in and do what. */
record SecurityHandlers(
    Controller controller,
    ConfigStore configStore,
    Optional<DelegationTokens> tokens,
    Authorizer authorizer) {

  List<ApiHandler> all() {
    List<ApiHandler> all = new ArrayList<>();
    all.add(new DescribeAclsHandler(authorizer));
    all.add(new CreateAclsHandler(authorizer));
    all.add(new DeleteAclsHandler(authorizer));
    all.add(new DescribeUserScramCredentialsHandler(configStore));
    all.add(new AlterUserScramCredentialsHandler(controller, configStore, authorizer));
    all.add(new CreateDelegationTokenHandler(tokens, authorizer));
    all.add(new RenewDelegationTokenHandler(tokens));
    all.add(new ExpireDelegationTokenHandler(tokens));
    all.add(new DescribeDelegationTokenHandler(tokens, authorizer));
    all.addAll(SaslOutOfTurnHandler.both());
    return all;
  }
}
