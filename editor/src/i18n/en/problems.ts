/** English words of why a graph cannot run and what failed, for pages that are not in English. */
export const problems = {
  problems: {
    'unreadable-graph': {
      message: '{{detail}}',
      remedy: 'Mend the file, or save the graph again.',
    },
    'empty-graph': {
      message: 'The graph is empty.',
      remedy: 'Add a node from the palette.',
    },
    'duplicate-id': {
      message: 'Two nodes have the same id.',
      remedy: 'Give one another id.',
    },
    'unknown-type': {
      message: 'This studio has no such node.',
      remedy: 'Remove the node, or update the studio.',
    },
    'bad-param': {
      message: '"{{field}}" has a value that cannot be used.',
      remedy: 'Change the value in the form of the node.',
    },
    'missing-param': {
      message: '"{{field}}" is not chosen yet.',
      remedy: 'Choose it in the form of the node.',
    },
    'missing-input': {
      message: 'Input "{{field}}" is not connected.',
      remedy: 'Connect an output of the same type.',
    },
    'unknown-node': {
      message: 'An edge leads to a node that is not there.',
      remedy: 'Remove the edge.',
    },
    'unknown-port': {
      message: 'An edge leads to a port that is not there.',
      remedy: 'Remove the edge and draw it again.',
    },
    'type-mismatch': {
      message: 'These two ports do not carry the same type.',
      remedy: 'Connect ports of the same colour.',
    },
    'input-taken': {
      message: 'This input already has an edge.',
      remedy: 'Remove one of the two edges.',
    },
    cycle: {
      message: 'The edges close a cycle: a node would wait for itself.',
      remedy: 'Remove one edge of the cycle.',
    },
    'unknown-graph-input': {
      message: 'Graph input "{{field}}" names nothing.',
      remedy: 'Remove the graph input.',
    },
    'unknown-graph-output': {
      message: 'Graph output "{{field}}" names nothing.',
      remedy: 'Remove the graph output.',
    },
    'unknown-subgraph': {
      message: 'The subgraph of this node is not there.',
      remedy: 'Choose another subgraph, or remove the node.',
    },
    'unknown-frame': {
      message: 'The frame of this node is not there.',
      remedy: 'Take the node out of the frame.',
    },
    'names-differ': {
      message: 'The lists at the inputs do not hold the same names.',
      remedy: 'Connect lists that come from the same folder, or rename the files.',
    },
    'cannot-batch': {
      message: 'Lists of different names meet in one large batch.',
      remedy: 'Use lists of the same names, shorter lists, or two graphs.',
    },
    'missing-list': {
      message: 'This node has no list to work through.',
      remedy: 'Choose what it should load.',
    },
    'unusable-list': {
      message: 'The list of this node cannot be used.',
      remedy: 'Change what it should load in the form of the node.',
    },
    'too-many-items': {
      message: 'This would make too many pictures at once.',
      remedy: 'Split the folder, or ask for fewer pictures.',
    },
    'graph-too-large': {
      message: 'The graph is too large for one run.',
      remedy: 'Split it into several graphs.',
    },
    'unknown-artifact': {
      message: 'A picture of this node is not in the studio.',
      remedy: 'Choose another one.',
    },
    'unknown-model': {
      message: 'This model is not known.',
      remedy: 'Choose another model.',
    },
  },
  failures: {
    'invalid-graph': {
      message: 'The graph cannot run.',
      remedy: 'Open the graph and mend what is marked.',
    },
    'invalid-input': {
      message: 'The node was given something that it cannot use.',
      remedy: 'Give the node an input that it can use.',
    },
    'insufficient-tokens': {
      message: 'There are too few tokens.',
      remedy: 'Ask an administrator for tokens, then run again.',
    },
    'artifact-missing': {
      message: 'A picture is not in the studio any more.',
      remedy: 'The picture was deleted. Choose another one.',
    },
    'model-missing': {
      message: 'No server has this model.',
      remedy: 'Import the model, or choose another.',
    },
    'model-broken': {
      message: 'The model cannot be loaded.',
      remedy: 'Export the model again: a file of it is missing or damaged.',
    },
    'size-mismatch': {
      message: 'Picture and mask do not fit each other.',
      remedy: 'Use a mask that was drawn over this picture.',
    },
    'out-of-memory': {
      message: 'The memory of the server is too small for this.',
      remedy: 'Choose a smaller size, or a server with more memory.',
    },
    'provider-unavailable': {
      message: 'The GPU of the server cannot be used.',
      remedy: 'Ask whoever runs the GPU server to read its log.',
    },
    crashed: {
      message: 'The server died while it worked on this.',
      remedy: 'Choose a smaller size or another model; whoever runs the GPU server finds more in its log.',
    },
    unavailable: {
      message: 'A part of the studio does not answer.',
      remedy: 'Wait a moment; the step is tried again by itself.',
    },
    internal: {
      message: 'Something unexpected happened.',
      remedy: 'Run again; if it stays, report it with the run id.',
    },
  },
}
