package io.vitrine.cluster.zookeeper;

import io.vitrine.cluster.fuzz.FuzzTarget;
import io.vitrine.cluster.fuzz.Input;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Every znode's reader: refused with an {@link IllegalArgumentException} or read. */
public final class ZnodesTarget implements FuzzTarget {
  private static final List<Function<byte[], Object>> READERS =
      List.of(
          data -> AclNode.decode("/acl", data),
          data -> BrokerIdNode.decode(1, data),
          ConfigChangeNode::decode,
          data -> ConfigNode.decode("/config", data),
          ControllerNode::decode,
          FeatureNode::decode,
          IsrChangeNode::decode,
          LogDirEventNode::decode,
          data -> PartitionStateNode.decode("/state", data),
          PreferredElectionNode::decode,
          ProducerIdBlockNode::decode,
          ReassignmentNode::decode,
          data -> TopicNode.decode("t", data));

  private static final List<String> NODES =
      List.of(
          "{'version':1,'acls':[{'principal':'User:a','permissionType':'Allow',"
              + "'operation':'Read','host':'*'}]}",
          "{'version':5,'host':'h','port':9092,'jmx_port':-1,'endpoints':['PLAINTEXT://h:9092'],"
              + "'timestamp':'17','features':{},'rack':'r',"
              + "'listener_security_protocol_map':{'PLAINTEXT':'PLAINTEXT'}}",
          "{'version':1,'entity_type':'topics','entity_name':'t'}",
          "{'version':1,'config':{'retention.ms':'1'}}",
          "{'version':2,'brokerid':1,'timestamp':'17','kraftControllerEpoch':-1}",
          "{'version':2,'status':1,'features':{'f':{'max_version_level':1}}}",
          "{'version':1,'partitions':[{'topic':'t','partition':0}]}",
          "{'version':1,'broker':1,'event':1}",
          "{'controller_epoch':1,'leader':1,'version':1,'leader_epoch':1,'isr':[1,2]}",
          "{'version':1,'partitions':[{'topic':'t','partition':0}]}",
          "{'version':1,'broker':1,'block_start':'0','block_end':'999'}",
          "{'version':1,'partitions':[{'topic':'t','partition':0,'replicas':[1,2]}]}",
          "{'version':3,'topic_id':'AAAAAAAAAAAAAAAAAAAAAQ','partitions':{'0':[1]},"
              + "'adding_replicas':{'0':[2]},'removing_replicas':{}}");

  @Override
  public List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    for (int i = 0; i < NODES.size(); i++) {
      byte[] node = NODES.get(i).replace('\'', '"').getBytes(StandardCharsets.UTF_8);
      seeds.add(Input.of(node, i));
    }
    return seeds;
  }

  @Override
  public void run(byte[] bytes) {
    Input input = new Input(bytes);
    Function<byte[], Object> reader = READERS.get(input.choice(READERS.size()));
    try {
      reader.apply(input.rest()).hashCode();
    } catch (IllegalArgumentException declared) {
      // It is no such node.
    }
  }
}
