/** Korean words of why a graph cannot run and what failed, for pages that are not in English. */
export const problems = {
  problems: {
    'unreadable-graph': {
      message: '그래프를 읽을 수 없습니다: {{field}}',
      remedy: '파일을 고치거나 그래프를 다시 저장하세요.',
    },
    'empty-graph': {
      message: '그래프가 비어 있습니다.',
      remedy: '팔레트에서 노드를 추가하세요.',
    },
    'duplicate-id': {
      message: '두 노드의 아이디가 같습니다.',
      remedy: '하나의 아이디를 바꾸세요.',
    },
    'unknown-type': {
      message: '이 스튜디오에 없는 노드입니다.',
      remedy: '노드를 지우거나 스튜디오를 업데이트하세요.',
    },
    'bad-param': {
      message: '"{{field}}" 값을 사용할 수 없습니다.',
      remedy: '노드 설정에서 값을 바꾸세요.',
    },
    'missing-param': {
      message: '"{{field}}"을(를) 아직 선택하지 않았습니다.',
      remedy: '노드 설정에서 선택하세요.',
    },
    'missing-input': {
      message: '"{{field}}" 입력이 연결되지 않았습니다.',
      remedy: '같은 종류의 출력을 연결하세요.',
    },
    'unknown-node': {
      message: '연결선이 없는 노드를 가리킵니다.',
      remedy: '연결선을 지우세요.',
    },
    'unknown-port': {
      message: '연결선이 없는 포트를 가리킵니다.',
      remedy: '연결선을 지우고 다시 그리세요.',
    },
    'type-mismatch': {
      message: '두 포트의 종류가 다릅니다.',
      remedy: '같은 색의 포트를 연결하세요.',
    },
    'input-taken': {
      message: '이 입력에는 이미 연결이 있습니다.',
      remedy: '둘 중 하나를 지우세요.',
    },
    cycle: {
      message: '연결선이 순환을 이룹니다.',
      remedy: '순환의 연결선 하나를 지우세요.',
    },
    'unknown-graph-input': {
      message: '그래프 입력 "{{field}}"이(가) 가리키는 것이 없습니다.',
      remedy: '그래프 입력을 지우세요.',
    },
    'unknown-graph-output': {
      message: '그래프 출력 "{{field}}"이(가) 가리키는 것이 없습니다.',
      remedy: '그래프 출력을 지우세요.',
    },
    'unknown-subgraph': {
      message: '이 노드의 하위 그래프가 없습니다.',
      remedy: '다른 하위 그래프를 선택하거나 노드를 지우세요.',
    },
    'unknown-frame': {
      message: '이 노드의 프레임이 없습니다.',
      remedy: '노드를 프레임 밖으로 옮기세요.',
    },
    'names-differ': {
      message: '입력 목록들의 이름이 서로 다릅니다.',
      remedy: '같은 폴더에서 온 목록을 연결하거나 파일 이름을 맞추세요.',
    },
    'cannot-batch': {
      message: '이름이 다른 목록들이 하나의 큰 배치에서 만납니다.',
      remedy: '이름이 같은 목록이나 더 짧은 목록을 쓰거나, 그래프를 둘로 나누세요.',
    },
    'missing-list': {
      message: '이 노드에 처리할 목록이 없습니다.',
      remedy: '불러올 것을 선택하세요.',
    },
    'unusable-list': {
      message: '이 노드의 목록을 사용할 수 없습니다.',
      remedy: '노드 설정에서 불러올 것을 바꾸세요.',
    },
    'too-many-items': {
      message: '한 번에 만들 사진이 너무 많습니다.',
      remedy: '폴더를 나누거나 사진 수를 줄이세요.',
    },
    'graph-too-large': {
      message: '한 번에 실행하기에는 그래프가 너무 큽니다.',
      remedy: '여러 그래프로 나누세요.',
    },
    'unknown-artifact': {
      message: '이 노드의 사진이 스튜디오에 없습니다.',
      remedy: '다른 사진을 선택하세요.',
    },
    'unknown-model': {
      message: '알 수 없는 모델입니다.',
      remedy: '다른 모델을 선택하세요.',
    },
  },
  failures: {
    'invalid-graph': {
      message: '그래프를 실행할 수 없습니다.',
      remedy: '그래프를 열어 표시된 곳을 고치세요.',
    },
    'invalid-input': {
      message: '노드가 사용할 수 없는 입력입니다.',
      remedy: '노드가 사용할 수 있는 입력을 주세요.',
    },
    'insufficient-tokens': {
      message: '토큰이 부족합니다.',
      remedy: '관리자에게 토큰을 요청한 뒤 다시 실행하세요.',
    },
    'artifact-missing': {
      message: '사진이 더 이상 스튜디오에 없습니다.',
      remedy: '사진이 삭제되었습니다. 다른 사진을 선택하세요.',
    },
    'model-missing': {
      message: '이 모델을 가진 서버가 없습니다.',
      remedy: '모델을 가져오거나 다른 모델을 선택하세요.',
    },
    'model-broken': {
      message: '모델을 불러올 수 없습니다.',
      remedy: '모델 파일이 없거나 손상되었습니다. 다시 내보내세요.',
    },
    'size-mismatch': {
      message: '사진과 마스크의 크기가 맞지 않습니다.',
      remedy: '이 사진 위에 그린 마스크를 사용하세요.',
    },
    'out-of-memory': {
      message: '서버의 메모리가 부족합니다.',
      remedy: '더 작은 크기나 메모리가 큰 서버를 선택하세요.',
    },
    'provider-unavailable': {
      message: '서버의 GPU를 사용할 수 없습니다.',
      remedy: 'GPU 서버 관리자에게 로그 확인을 요청하세요.',
    },
    crashed: {
      message: '작업 중에 서버가 멈췄습니다.',
      remedy:
        '더 작은 크기나 다른 모델을 선택하세요. GPU 서버 관리자가 로그에서 자세한 내용을 볼 수 있습니다.',
    },
    unavailable: {
      message: '스튜디오의 일부가 응답하지 않습니다.',
      remedy: '잠시 기다리세요. 자동으로 다시 시도합니다.',
    },
    internal: {
      message: '예상하지 못한 오류가 발생했습니다.',
      remedy: '다시 실행하고, 계속되면 실행 아이디와 함께 알려 주세요.',
    },
  },
}
