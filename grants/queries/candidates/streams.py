"""Which stream serves which rule."""

from grants.queries.candidates.base import Stream
from grants.queries.candidates.clusters import cluster
from grants.queries.candidates.endings import cliff_edge
from grants.queries.candidates.funds import money_may_go_back
from grants.queries.candidates.payments import (
    late_instalment,
    paid_above_award,
    short_notice_round,
    slow_first_payment,
    stop_to_chase,
)
from grants.rules.levels import Rule

STREAMS: dict[Rule, Stream] = {
    Rule.CLIFF_EDGE: cliff_edge,
    Rule.CLUSTER: cluster,
    Rule.LATE_INSTALMENT: late_instalment,
    Rule.MONEY_MAY_GO_BACK: money_may_go_back,
    Rule.PAID_ABOVE_AWARD: paid_above_award,
    Rule.SHORT_NOTICE_ROUND: short_notice_round,
    Rule.SLOW_FIRST_PAYMENT: slow_first_payment,
    Rule.STOP_TO_CHASE: stop_to_chase,
}
