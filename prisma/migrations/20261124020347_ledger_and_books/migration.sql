-- AlterTable
ALTER TABLE "NodeRunItem" ADD COLUMN     "carryKey" TEXT;

-- AlterTable
ALTER TABLE "Transfer" ADD COLUMN     "refunds" UUID;

-- CreateIndex
CREATE INDEX "NodeRunItem_carryKey_idx" ON "NodeRunItem"("carryKey");

-- CreateIndex
CREATE INDEX "NodeRunItem_holdId_idx" ON "NodeRunItem"("holdId");

-- CreateIndex
CREATE INDEX "Transfer_creditAccountId_createdAt_idx" ON "Transfer"("creditAccountId", "createdAt");

-- CreateIndex
CREATE INDEX "Transfer_refunds_idx" ON "Transfer"("refunds");

-- What follows is written by hand: Prisma's schema cannot say it.

-- What is spent goes to an account of the member who spends it: its row is changed under the member's own lock, so
-- that no two members ever wait for each other. The house's one account of before keeps what it has.
ALTER TABLE "Account" DROP CONSTRAINT "Account_holder_check";
ALTER TABLE "Account" ADD CONSTRAINT "Account_holder_check" CHECK (CASE
  WHEN "kind" IN ('department', 'member') THEN "holderId" IS NOT NULL
  WHEN "kind" IN ('issuer', 'expired') THEN "holderId" IS NULL
  ELSE true END);
ALTER TABLE "Transfer" ADD CONSTRAINT "Transfer_refunds_check" CHECK (("kind" = 'refund') = ("refunds" IS NOT NULL));

-- The one place where balances change: each transfer moves its own amount, both sides in one step.
CREATE FUNCTION post_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  freed bigint := 0;
  original "Transfer";
BEGIN
  IF NEW."kind" = 'hold' THEN
    UPDATE "Account" SET "pending" = "pending" + NEW."amount" WHERE "id" = NEW."debitAccountId";
    RETURN NULL;
  END IF;
  IF NEW."kind" IN ('capture', 'release') THEN
    SELECT * INTO original FROM "Transfer" WHERE "id" = NEW."resolves";
    IF original."kind" <> 'hold' OR original."debitAccountId" <> NEW."debitAccountId"
      OR original."creditAccountId" <> NEW."creditAccountId" OR NEW."amount" > original."amount"
      OR (NEW."kind" = 'release' AND NEW."amount" <> original."amount") THEN
      RAISE EXCEPTION 'Transfer % does not fit the hold that it ends.', NEW."id"
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    freed := original."amount";
    IF NEW."kind" = 'release' THEN
      UPDATE "Account" SET "pending" = "pending" - freed WHERE "id" = NEW."debitAccountId";
      RETURN NULL;
    END IF;
  ELSIF NEW."kind" = 'refund' THEN
    -- One refund of a member at a time, so that together they stay below what was captured.
    PERFORM FROM "Account" WHERE "id" = NEW."creditAccountId" FOR NO KEY UPDATE;
    SELECT * INTO original FROM "Transfer" WHERE "id" = NEW."refunds";
    IF original."kind" <> 'capture' OR original."creditAccountId" <> NEW."debitAccountId"
      OR original."debitAccountId" <> NEW."creditAccountId"
      OR (SELECT sum("amount") FROM "Transfer" WHERE "refunds" = NEW."refunds") > original."amount" THEN
      RAISE EXCEPTION 'Transfer % refunds more than was captured, or elsewhere.', NEW."id"
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  UPDATE "Account" SET "posted" = "posted" - NEW."amount", "pending" = "pending" - freed
    WHERE "id" = NEW."debitAccountId";
  IF NEW."amount" > 0 THEN
    UPDATE "Account" SET "posted" = "posted" + NEW."amount" WHERE "id" = NEW."creditAccountId";
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'Transfer % names an account that is not there.', NEW."id"
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER "Transfer_post" AFTER INSERT ON "Transfer" FOR EACH ROW EXECUTE FUNCTION post_transfer();

-- A statement of a client has depth 1 here; what post_transfer does has depth 2.
CREATE FUNCTION refuse_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'A balance changes by a transfer, never by hand.' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER "Account_balance_by_transfer" BEFORE UPDATE ON "Account" FOR EACH ROW
  WHEN (OLD."posted" <> NEW."posted" OR OLD."pending" <> NEW."pending" OR OLD."kind" <> NEW."kind"
    OR OLD."holderId" IS DISTINCT FROM NEW."holderId" OR OLD."id" <> NEW."id")
  EXECUTE FUNCTION refuse_balance();
CREATE TRIGGER "Account_begins_empty" BEFORE INSERT ON "Account" FOR EACH ROW
  WHEN (NEW."posted" <> 0 OR NEW."pending" <> 0) EXECUTE FUNCTION refuse_balance();
CREATE TRIGGER "Account_stays" BEFORE DELETE ON "Account" FOR EACH ROW EXECUTE FUNCTION refuse_balance();

-- When a transaction ends, the lots of every account that it touched add up to the account.
CREATE FUNCTION check_lots(account uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  a record;
  lots record;
BEGIN
  SELECT "posted", "pending" INTO a FROM "Account" WHERE "id" = account;
  SELECT COALESCE(sum("remaining"), 0) AS "remaining", COALESCE(sum("held"), 0) AS "held" INTO lots
    FROM "Lot" WHERE "accountId" = account AND "remaining" > 0;
  IF a."posted" <> lots."remaining" OR a."pending" <> lots."held" THEN
    RAISE EXCEPTION 'Account % has %/% and its lots %/%.', account, a."posted", a."pending", lots."remaining",
      lots."held" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END
$$;
CREATE FUNCTION check_lots_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_lots(NEW."id");
  RETURN NULL;
END
$$;
CREATE FUNCTION check_lots_of_lot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN PERFORM check_lots(NEW."accountId"); END IF;
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD."accountId" <> NEW."accountId") THEN
    PERFORM check_lots(OLD."accountId");
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "Account_is_its_lots" AFTER UPDATE ON "Account" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW."kind" IN ('department', 'member')
    AND (OLD."posted" <> NEW."posted" OR OLD."pending" <> NEW."pending"))
  EXECUTE FUNCTION check_lots_of_account();
CREATE CONSTRAINT TRIGGER "Lot_is_in_its_account" AFTER INSERT OR DELETE ON "Lot" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_lots_of_lot();
CREATE CONSTRAINT TRIGGER "Lot_stays_in_its_account" AFTER UPDATE ON "Lot" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD."remaining" <> NEW."remaining" OR OLD."held" <> NEW."held"
    OR OLD."accountId" <> NEW."accountId")
  EXECUTE FUNCTION check_lots_of_lot();

-- And every hold is the sum of what it took from lots of its own account; what it took is never rewritten.
CREATE FUNCTION check_hold(hold uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  t record;
  parts record;
BEGIN
  SELECT "kind", "amount", "debitAccountId" INTO t FROM "Transfer" WHERE "id" = hold;
  SELECT COALESCE(sum("HoldLot"."amount"), 0) AS "amount",
      COALESCE(bool_and("Lot"."accountId" = t."debitAccountId"), false) AS "own" INTO parts
    FROM "HoldLot" JOIN "Lot" ON "Lot"."id" = "HoldLot"."lotId" WHERE "HoldLot"."transferId" = hold;
  IF t."kind" <> 'hold' OR parts."amount" <> t."amount" OR NOT parts."own" THEN
    RAISE EXCEPTION 'Hold % is % and its lots gave %.', hold, t."amount", parts."amount"
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
END
$$;
CREATE FUNCTION check_hold_of_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_hold(NEW."id");
  RETURN NULL;
END
$$;
CREATE FUNCTION check_hold_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM check_hold(NEW."transferId");
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER "Transfer_hold_is_its_lots" AFTER INSERT ON "Transfer" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW."kind" = 'hold') EXECUTE FUNCTION check_hold_of_transfer();
CREATE CONSTRAINT TRIGGER "HoldLot_is_in_its_hold" AFTER INSERT ON "HoldLot" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION check_hold_of_part();
CREATE TRIGGER "HoldLot_append_only" BEFORE UPDATE OR DELETE ON "HoldLot"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "HoldLot_never_empty" BEFORE TRUNCATE ON "HoldLot"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The holder's account, made when missing, locked until the transaction ends.
CREATE FUNCTION lock_account(of_kind "AccountKind", holder uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  account uuid;
BEGIN
  SELECT "id" INTO account FROM "Account" WHERE "kind" = of_kind AND "holderId" = holder FOR NO KEY UPDATE;
  IF account IS NULL THEN
    INSERT INTO "Account" ("id", "kind", "holderId") VALUES (gen_random_uuid(), of_kind, holder)
      ON CONFLICT DO NOTHING;
    SELECT "id" INTO account FROM "Account" WHERE "kind" = of_kind AND "holderId" = holder FOR NO KEY UPDATE;
  END IF;
  RETURN account;
END
$$;

CREATE FUNCTION spendable(account uuid) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT COALESCE(sum("remaining" - "held"), 0)::bigint FROM "Lot"
  WHERE "accountId" = account AND "remaining" > "held" AND ("expiresAt" IS NULL OR "expiresAt" > clock_timestamp())
$$;

-- Sets `total` aside for one piece of work, from the lots that expire first. `hold` is null when `available` is less.
-- A key that was used before gives back its hold and the hash that it was recorded with.
CREATE FUNCTION hold_tokens(
  key text, hash text, member uuid, total bigint, run uuid, node text,
  OUT hold uuid, OUT available bigint, OUT recorded text
) LANGUAGE plpgsql AS $$
DECLARE
  account uuid := lock_account('member', member);
  spent uuid;
  lot record;
  part bigint;
  lots uuid[] := '{}';
  parts bigint[] := '{}';
BEGIN
  available := 0;
  SELECT "id", "requestHash" INTO hold, recorded FROM "Transfer" WHERE "idem" = key;
  IF FOUND THEN RETURN; END IF;
  -- The time is read after the lock: the statement may have waited for it.
  FOR lot IN
    SELECT "id", "remaining" - "held" AS "free" FROM "Lot"
    WHERE "accountId" = account AND "remaining" > "held"
      AND ("expiresAt" IS NULL OR "expiresAt" > clock_timestamp())
    ORDER BY "expiresAt" NULLS LAST, "createdAt", "id"
  LOOP
    part := LEAST(lot."free", total - available);
    available := available + part;
    lots := lots || lot."id";
    parts := parts || part;
    EXIT WHEN available = total;
  END LOOP;
  IF available < total THEN RETURN; END IF;
  SELECT "id" INTO spent FROM "Account" WHERE "kind" = 'revenue' AND "holderId" = member;
  IF spent IS NULL THEN spent := lock_account('revenue', member); END IF;
  hold := gen_random_uuid();
  INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
    "runId", "nodeId", "memberId")
  VALUES (hold, key, hash, 'hold', account, spent, total, run, node, member);
  IF cardinality(lots) = 1 THEN
    INSERT INTO "HoldLot" ("transferId", "lotId", "amount") VALUES (hold, lots[1], parts[1]);
    UPDATE "Lot" SET "held" = "held" + parts[1] WHERE "id" = lots[1];
  ELSE
    INSERT INTO "HoldLot" ("transferId", "lotId", "amount")
      SELECT hold, "l", "p" FROM unnest(lots, parts) AS "t"("l", "p");
    UPDATE "Lot" SET "held" = "held" + "p" FROM unnest(lots, parts) AS "t"("l", "p") WHERE "id" = "l";
  END IF;
END
$$;

-- Ends a hold, once: charges `charge` of it (0 for a release), gives the rest back to the lots that it came from, and
-- lets go what came back to a lot that has expired meanwhile. `outcome`: 'done', 'before' with what was done then,
-- 'missing', or 'too-much'.
CREATE FUNCTION resolve_hold(
  hold uuid, how "TransferKind", charge bigint, hash text,
  OUT outcome text, OUT earlier "TransferKind", OUT amount bigint
) LANGUAGE plpgsql AS $$
DECLARE
  original "Transfer";
  lapsed bigint;
  now_ timestamptz;
BEGIN
  SELECT * INTO original FROM "Transfer" WHERE "id" = hold AND "kind" = 'hold';
  IF NOT FOUND THEN outcome := 'missing'; RETURN; END IF;
  PERFORM FROM "Account" WHERE "id" = original."debitAccountId" FOR NO KEY UPDATE;
  SELECT "kind", "Transfer"."amount" INTO earlier, amount FROM "Transfer" WHERE "resolves" = hold;
  IF FOUND THEN outcome := 'before'; RETURN; END IF;
  amount := original."amount";
  IF charge > amount THEN outcome := 'too-much'; RETURN; END IF;
  outcome := 'done';
  now_ := clock_timestamp();
  INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
    "resolves", "runId", "nodeId", "memberId")
  VALUES (gen_random_uuid(), how || ':' || hold, hash, how, original."debitAccountId", original."creditAccountId",
    CASE WHEN how = 'capture' THEN charge ELSE amount END, hold, original."runId", original."nodeId",
    original."memberId");
  WITH "parts" AS (
    SELECT "Lot"."id", "HoldLot"."amount" AS "part", COALESCE("Lot"."expiresAt" <= now_, false) AS "late",
      LEAST("HoldLot"."amount", GREATEST(0, charge + "HoldLot"."amount"
        - sum("HoldLot"."amount") OVER (ORDER BY "Lot"."expiresAt" NULLS LAST, "Lot"."createdAt", "Lot"."id")
      ))::bigint AS "charged"
    FROM "HoldLot" JOIN "Lot" ON "Lot"."id" = "HoldLot"."lotId" WHERE "HoldLot"."transferId" = hold
  ),
  "lots" AS (
    UPDATE "Lot" SET "held" = "held" - "part",
      "remaining" = "remaining" - CASE WHEN "late" THEN "part" ELSE "charged" END
    FROM "parts" WHERE "Lot"."id" = "parts"."id"
  )
  SELECT COALESCE(sum("part" - "charged") FILTER (WHERE "late"), 0)::bigint INTO lapsed FROM "parts";
  IF lapsed > 0 THEN
    INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
      "memberId")
    SELECT gen_random_uuid(), 'expire:' || hold, hash, 'expire', original."debitAccountId", "id", lapsed,
      original."memberId"
    FROM "Account" WHERE "kind" = 'expired';
  END IF;
END
$$;

-- Keys of the artifacts that outputs name, each once and sorted.
CREATE FUNCTION artifact_keys(outputs jsonb) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN ARRAY(SELECT DISTINCT "k" #>> '{}' FROM jsonb_path_query(outputs, '$.*[*].*.key') AS "k");
END
$$;

CREATE FUNCTION has_artifacts(keys text[]) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN cardinality(keys) = 0
    OR (SELECT count(*) FROM "Artifact" WHERE "key" = ANY (keys)) = cardinality(keys);
END
$$;

-- Whether the piece of work that made a claim may still bring its result.
CREATE FUNCTION is_at_work(run uuid, node text, item int) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM "NodeRunItem" AS "i" JOIN "Run" AS "r" ON "r"."id" = "i"."runId"
    WHERE "i"."runId" = run AND "i"."nodeId" = node AND "i"."index" = item AND "i"."state" = 'running'
      AND "r"."status" IN ('queued', 'running'));
END
$$;

-- One `mark` of the books: a node that has ended stays as it is.
CREATE FUNCTION books_mark(run uuid, entry jsonb) RETURNS void LANGUAGE sql AS $$
  UPDATE "NodeRun" SET
    "state" = (entry ->> 'state')::"NodeRunState",
    "itemsTotal" = GREATEST(COALESCE((entry ->> 'itemsTotal')::int, "itemsTotal"), "itemsDone"),
    "failure" = COALESCE(entry -> 'failure', "failure"),
    "startedAt" = COALESCE("startedAt", CASE WHEN entry ->> 'state' <> 'skipped' THEN clock_timestamp() END),
    "endedAt" = CASE WHEN entry ->> 'state' = 'running' THEN NULL ELSE clock_timestamp() END
  WHERE "runId" = run AND "nodeId" = entry ->> 'nodeId' AND "state" IN ('queued', 'holding', 'running')
$$;

-- One `prepare`: says of each item what becomes of it, and writes that down.
CREATE FUNCTION books_prepare(
  run uuid, owner uuid, department uuid, carry uuid[], missing text[], entry jsonb
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  node text := entry ->> 'nodeId';
  price bigint := (entry ->> 'price')::bigint * 1000000;
  look_up boolean := (entry ->> 'lookUp')::boolean;
  verdicts jsonb;
  wanted int;
  affordable int;
  held record;
  hold_id uuid;
  at timestamptz := clock_timestamp();
BEGIN
  WITH "asked" AS (
    SELECT "w".*, "i"."state" AS "before", "i"."holdId", "i"."outputs" AS "settled",
      COALESCE("i"."execution", 1) + CASE WHEN "i"."state" IN ('failed', 'cancelled') THEN 1 ELSE 0 END AS "execution"
    FROM jsonb_to_recordset(entry -> 'items') AS "w"(
      "position" int, "index" int, "name" text, "key" text, "carryKey" text, "hit" jsonb, "hitFrom" text)
    LEFT JOIN LATERAL (
      SELECT * FROM "NodeRunItem" WHERE "runId" = run AND "nodeId" = node AND "index" = "w"."index" LIMIT 1
    ) AS "i" ON true
  ),
  "known" AS (
    SELECT "asked".*, "e"."runId" AS "byRun", "e"."nodeId" AS "byNode", "e"."itemIndex" AS "byItem",
      "e"."itemName" AS "byName", "e"."outputs" AS "cached", "e"."artifactKeys" AS "cachedKeys",
      "c"."outputs" AS "carried", "c"."name" AS "carriedName", "c"."index" AS "carriedIndex",
      CASE WHEN "c"."outputs" IS NOT NULL THEN artifact_keys("c"."outputs") END AS "carriedKeys",
      CASE WHEN "asked"."hit" IS NOT NULL THEN has_artifacts(artifact_keys("asked"."hit")) END AS "hitStands"
    FROM "asked"
    LEFT JOIN LATERAL (
      SELECT * FROM "CacheEntry" WHERE look_up AND "departmentId" = department AND "key" = "asked"."key" LIMIT 1
    ) AS "e" ON true
    LEFT JOIN LATERAL (
      SELECT "i"."outputs", "i"."name", "i"."index" FROM "NodeRunItem" AS "i"
      -- Worded so that the index of carry keys serves it, and not the one of whole runs.
      WHERE cardinality(carry) > 0 AND "i"."carryKey" = "asked"."carryKey" AND array_position(carry, "i"."runId") > 0 AND "i"."nodeId" = node
        AND "i"."state" IN ('succeeded', 'cached') AND ("asked"."key" IS NOT NULL OR "i"."name" = "asked"."name")
      ORDER BY array_position(carry, "i"."runId"), "i"."index" <> "asked"."index", "i"."index" LIMIT 1
    ) AS "c" ON true
  ),
  "judged" AS (
    SELECT "known".*, CASE
      WHEN "before" IN ('succeeded', 'cached') THEN 'done'
      WHEN "before" = 'running' THEN 'held'
      WHEN "hitStands" THEN 'hit'
      WHEN "carried" IS NOT NULL AND NOT "carriedKeys" && missing AND has_artifacts("carriedKeys") THEN 'carried'
      WHEN "key" IS NULL OR NOT look_up THEN 'hold'
      WHEN "cached" IS NOT NULL AND NOT "cachedKeys" && missing AND has_artifacts("cachedKeys") THEN 'found'
      WHEN "cached" IS NULL AND "byRun" = run AND "byNode" = node AND "byItem" = "index" THEN 'hold'
      WHEN "cached" IS NULL AND is_at_work("byRun", "byNode", "byItem") THEN 'wait'
      ELSE 'take' END AS "first"
    FROM "known"
  ),
  "ranked" AS (
    SELECT *, row_number() OVER (
      PARTITION BY "key", "first" IN ('hold', 'take') ORDER BY "first" = 'take', "position") AS "rank"
    FROM "judged"
  )
  SELECT jsonb_agg(jsonb_build_object(
      'position', "position", 'index', "index", 'name', "name", 'key', "key", 'carryKey', "carryKey",
      'before', "before", 'execution', "execution", 'holdId', "holdId", 'hitFrom', "hitFrom",
      'verdict', CASE
        WHEN "first" IN ('hold', 'take') AND look_up AND "key" IS NOT NULL AND "rank" > 1 THEN 'wait'
        ELSE "first" END,
      'outputs', CASE "first" WHEN 'done' THEN "settled" WHEN 'hit' THEN "hit" WHEN 'carried' THEN "carried"
        WHEN 'found' THEN "cached" END,
      'from', CASE "first" WHEN 'carried' THEN
          jsonb_build_object('nodeId', node, 'name', "carriedName", 'index', "carriedIndex")
        WHEN 'found' THEN jsonb_build_object('nodeId', "byNode", 'name', "byName", 'index', "byItem") END
    ) ORDER BY "position") INTO verdicts
  FROM "ranked";

  SELECT count(*) INTO wanted FROM jsonb_array_elements(verdicts) AS "v" WHERE "v" ->> 'verdict' IN ('hold', 'take');
  affordable := wanted;
  IF wanted > 0 AND price > 0 THEN
    SELECT ("v" ->> 'index')::int AS "index", ("v" ->> 'execution')::int AS "execution" INTO held
      FROM jsonb_array_elements(verdicts) AS "v"
      WHERE "v" ->> 'verdict' IN ('hold', 'take') ORDER BY ("v" ->> 'position')::int LIMIT 1;
    affordable := LEAST(wanted, spendable(lock_account('member', owner)) / price);
    IF affordable > 0 THEN
      -- Made of what the work is, never of the attempt: however often it is tried, it is one hold.
      SELECT "h"."hold" INTO hold_id FROM hold_tokens(
        'hold:' || run || ':' || node || ':' || held."index" || CASE WHEN held."execution" > 1
          THEN ':' || held."execution" ELSE '' END,
        'books', owner, affordable * price, run, node) AS "h";
      -- The last moment of a lot may have passed between counting and taking.
      IF hold_id IS NULL THEN affordable := 0; END IF;
    END IF;
  END IF;
  IF wanted > 0 THEN
    SELECT jsonb_agg(CASE
        WHEN "v" ->> 'verdict' NOT IN ('hold', 'take') THEN "v"
        WHEN "place" <= affordable THEN "v" || jsonb_build_object('holdId', hold_id, 'begun', true)
        ELSE "v" || '{"verdict": "refused"}' END ORDER BY "order") INTO verdicts
    FROM (
      SELECT "v", "order", count(*) FILTER (WHERE "v" ->> 'verdict' IN ('hold', 'take')) OVER (ORDER BY "order") AS "place"
      FROM jsonb_array_elements(verdicts) WITH ORDINALITY AS "t"("v", "order")
    ) AS "counted";
  END IF;

  INSERT INTO "NodeRunItem" ("runId", "nodeId", "index", "name", "state", "holdId", "execution", "outputs", "saved",
    "cacheKey", "carryKey", "startedAt", "endedAt")
  SELECT run, node, "index", "name",
    (CASE WHEN "verdict" = 'hit' THEN 'cached' WHEN "begun" THEN 'running' ELSE 'holding' END)::"NodeRunState",
    CASE WHEN "begun" THEN "holdId" END, "execution", CASE WHEN "verdict" = 'hit' THEN "outputs" ELSE '{}' END,
    CASE WHEN "verdict" = 'hit' THEN price ELSE 0 END, "key", "carryKey", at, CASE WHEN "verdict" = 'hit' THEN at END
  FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "verdict" text, "begun" boolean, "holdId" uuid,
    "execution" int, "outputs" jsonb, "key" text, "carryKey" text)
  WHERE "verdict" IN ('hold', 'take', 'hit', 'wait', 'refused')
  ON CONFLICT ("runId", "nodeId", "index") DO UPDATE SET "name" = EXCLUDED."name", "state" = EXCLUDED."state",
    "holdId" = EXCLUDED."holdId", "execution" = EXCLUDED."execution", "outputs" = EXCLUDED."outputs",
    "saved" = EXCLUDED."saved", "cacheKey" = EXCLUDED."cacheKey", "carryKey" = EXCLUDED."carryKey",
    "startedAt" = EXCLUDED."startedAt", "endedAt" = EXCLUDED."endedAt", "failure" = NULL;

  -- Claims of work that will not come back pass to whoever does it now.
  IF jsonb_path_exists(verdicts, '$[*] ? (@.verdict == "take")') THEN
    INSERT INTO "CacheEntry" ("departmentId", "key", "runId", "nodeId", "itemIndex", "itemName", "artifactKeys")
    SELECT department, "key", run, node, "index", "name", '{}'
    FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "key" text, "verdict" text)
    WHERE "verdict" = 'take' ORDER BY "key"
    ON CONFLICT ("departmentId", "key") DO UPDATE SET "runId" = EXCLUDED."runId", "nodeId" = EXCLUDED."nodeId",
      "itemIndex" = EXCLUDED."itemIndex", "itemName" = EXCLUDED."itemName", "outputs" = NULL,
      "artifactKeys" = EXCLUDED."artifactKeys", "cost" = 0;
  END IF;

  IF jsonb_path_exists(verdicts, '$[*] ? (@.verdict == "hit")') THEN
    INSERT INTO "ArtifactGrant" ("artifactKey", "departmentId", "memberId")
    SELECT DISTINCT "k", department, owner
    FROM jsonb_array_elements(verdicts) AS "v", unnest(artifact_keys("v" -> 'outputs')) AS "k"
    WHERE "v" ->> 'verdict' = 'hit' ORDER BY "k" ON CONFLICT DO NOTHING;
    -- What was taken over from an earlier run can be found by others again.
    INSERT INTO "CacheEntry" ("departmentId", "key", "runId", "nodeId", "itemIndex", "itemName", "outputs",
      "artifactKeys", "hits")
    SELECT DISTINCT ON ("key") department, "key", run, node, "index", "name", "outputs", artifact_keys("outputs"),
      count(*) FILTER (WHERE "hitFrom" = 'found') OVER (PARTITION BY "key")
    FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "key" text, "verdict" text, "hitFrom" text,
      "outputs" jsonb)
    WHERE "verdict" = 'hit' AND "key" IS NOT NULL ORDER BY "key", "index"
    ON CONFLICT ("departmentId", "key") DO UPDATE SET "hits" = "CacheEntry"."hits" + EXCLUDED."hits",
      "lastUsedAt" = at,
      "runId" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."runId" ELSE "CacheEntry"."runId" END,
      "nodeId" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."nodeId" ELSE "CacheEntry"."nodeId" END,
      "itemIndex" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."itemIndex"
        ELSE "CacheEntry"."itemIndex" END,
      "itemName" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."itemName"
        ELSE "CacheEntry"."itemName" END,
      "artifactKeys" = CASE WHEN "CacheEntry"."outputs" IS NULL THEN EXCLUDED."artifactKeys"
        ELSE "CacheEntry"."artifactKeys" END,
      "outputs" = COALESCE("CacheEntry"."outputs", EXCLUDED."outputs");
  END IF;

  UPDATE "NodeRun" SET
    "state" = CASE WHEN "NodeRun"."state" NOT IN ('queued', 'holding') THEN "NodeRun"."state"
      WHEN "t"."working" THEN 'running' ELSE 'holding' END,
    "startedAt" = COALESCE("startedAt", at),
    "itemsDone" = "itemsDone" + "t"."hits",
    "itemsCached" = "itemsCached" + "t"."hits",
    "itemsFailed" = "itemsFailed" - "t"."again",
    "itemsTotal" = GREATEST("itemsTotal", "itemsDone" + "t"."hits"),
    "saved" = "saved" + "t"."hits" * price
  FROM (
    SELECT count(*) FILTER (WHERE "verdict" = 'hit')::int AS "hits",
      count(*) FILTER (WHERE "before" = 'failed' AND "verdict" IN ('hold', 'take', 'hit', 'wait', 'refused'))::int AS "again",
      COALESCE(bool_or("verdict" IN ('hold', 'take', 'hit', 'held', 'done')), false) AS "working"
    FROM jsonb_to_recordset(verdicts) AS "v"("verdict" text, "before" text)
  ) AS "t"
  WHERE "runId" = run AND "NodeRun"."nodeId" = node;

  RETURN (
    SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('verdict', "v" ->> 'verdict', 'holdId', "v" ->> 'holdId',
      'outputs', "v" -> 'outputs', 'from', "v" -> 'from',
      'cached', "v" ->> 'before' = 'cached' OR "v" ->> 'verdict' = 'hit')) ORDER BY "order")
    FROM jsonb_array_elements(verdicts) WITH ORDINALITY AS "t"("v", "order"))
    || jsonb_build_array(jsonb_build_object('available',
      CASE WHEN affordable < wanted THEN spendable(lock_account('member', owner)) ELSE 0 END));
END
$$;

-- One `settle`: publishes what succeeded, writes down what did not, resolves holds of which nothing is open.
CREATE FUNCTION books_settle(run uuid, owner uuid, department uuid, entry jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  node text := entry ->> 'nodeId';
  price bigint := (entry ->> 'price')::bigint * 1000000;
  verdicts jsonb;
  hold_id uuid;
  charge bigint;
  at timestamptz := clock_timestamp();
BEGIN
  SELECT jsonb_agg(jsonb_build_object('index', "w"."index", 'state', "w"."state", 'outputs', "w"."outputs",
      'artifacts', "w"."artifacts", 'failure', "w"."failure", 'worker', "w"."worker", 'holdId', "i"."holdId",
      'key', "i"."cacheKey", 'name', COALESCE("i"."name", "w"."name", ("w"."index" + 1)::text),
      'execution', COALESCE("i"."execution", 1), 'before', "i"."state",
      'late', "w"."state" = 'succeeded' AND COALESCE("i"."state" IN ('failed', 'cancelled'), false)
    ) ORDER BY "w"."index") INTO verdicts
  FROM jsonb_to_recordset(entry -> 'items') AS "w"(
    "index" int, "name" text, "state" text, "outputs" jsonb, "artifacts" jsonb, "failure" jsonb, "worker" text)
  LEFT JOIN LATERAL (
    SELECT * FROM "NodeRunItem" WHERE "runId" = run AND "nodeId" = node AND "index" = "w"."index" LIMIT 1
  ) AS "i" ON true
  -- What is settled stays settled, and what was given up is given up once.
  WHERE "i"."state" IS NULL OR "i"."state" NOT IN ('succeeded', 'cached', 'failed', 'cancelled')
    OR ("w"."state" = 'succeeded' AND "i"."state" IN ('failed', 'cancelled'));
  IF verdicts IS NULL THEN RETURN; END IF;

  PERFORM books_late(run, node, verdicts, 'the item had been given up');
  verdicts := jsonb_path_query_array(verdicts, '$[*] ? (@.late == false)');
  IF jsonb_array_length(verdicts) = 0 THEN RETURN; END IF;

  IF price > 0 AND jsonb_path_exists(verdicts, '$[*] ? (@.state == "succeeded" && @.holdId == null)') THEN
    RAISE EXCEPTION 'An item of node "%" in run % has a price and no hold.', node, run;
  END IF;

  INSERT INTO "NodeRunItem" ("runId", "nodeId", "index", "name", "state", "outputs", "cost", "worker", "failure",
    "startedAt", "endedAt")
  SELECT run, node, "index", "name", "state"::"NodeRunState", COALESCE("outputs", '{}'),
    CASE WHEN "state" = 'succeeded' THEN price ELSE 0 END, "worker", "failure", at, at
  FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "state" text, "outputs" jsonb, "worker" text,
    "failure" jsonb)
  ON CONFLICT ("runId", "nodeId", "index") DO UPDATE SET "state" = EXCLUDED."state", "outputs" = EXCLUDED."outputs",
    "cost" = EXCLUDED."cost", "worker" = EXCLUDED."worker", "failure" = EXCLUDED."failure", "endedAt" = at;

  -- What needs nobody's help comes here without having been prepared.
  UPDATE "NodeRun" SET
    "state" = CASE WHEN "state" = 'queued' THEN 'running' ELSE "state" END,
    "startedAt" = COALESCE("startedAt", at),
    "itemsDone" = "itemsDone" + "t"."done",
    "itemsFailed" = "itemsFailed" + "t"."failed",
    "itemsTotal" = GREATEST("itemsTotal", "itemsDone" + "t"."done"),
    "cost" = "cost" + "t"."done" * price
  FROM (
    SELECT count(*) FILTER (WHERE "state" = 'succeeded')::int AS "done",
      count(*) FILTER (WHERE "state" = 'failed')::int AS "failed"
    FROM jsonb_to_recordset(verdicts) AS "v"("state" text)
  ) AS "t"
  WHERE "runId" = run AND "NodeRun"."nodeId" = node;

  -- In the order of the keys, so that two transactions with the same artifacts wait instead of deadlocking.
  INSERT INTO "Artifact" ("key", "mediaType", "bytes", "width", "height")
  SELECT DISTINCT ON ("a"."key") "a"."key", "a"."mediaType", "a"."bytes", "a"."width", "a"."height"
  FROM jsonb_path_query(verdicts, '$[*] ? (@.state == "succeeded").artifacts[*]') AS "p",
    jsonb_to_record("p") AS "a"("key" text, "mediaType" text, "bytes" bigint, "width" int, "height" int)
  ORDER BY "a"."key" ON CONFLICT DO NOTHING;
  INSERT INTO "ArtifactGrant" ("artifactKey", "departmentId", "memberId")
  SELECT DISTINCT "k" #>> '{}', department, owner
  FROM jsonb_path_query(verdicts, '$[*] ? (@.state == "succeeded").artifacts[*].key') AS "k"
  ORDER BY 1 ON CONFLICT DO NOTHING;

  INSERT INTO "CacheEntry" ("departmentId", "key", "runId", "nodeId", "itemIndex", "itemName", "outputs",
    "artifactKeys", "cost")
  SELECT DISTINCT ON ("key") department, "key", run, node, "index", "name", "outputs", artifact_keys("outputs"), price
  FROM jsonb_to_recordset(verdicts) AS "v"("index" int, "name" text, "key" text, "state" text, "outputs" jsonb)
  WHERE "state" = 'succeeded' AND "key" IS NOT NULL
  ORDER BY "key", "index"
  ON CONFLICT ("departmentId", "key") DO UPDATE SET "runId" = EXCLUDED."runId", "nodeId" = EXCLUDED."nodeId",
    "itemIndex" = EXCLUDED."itemIndex", "itemName" = EXCLUDED."itemName", "outputs" = EXCLUDED."outputs",
    "artifactKeys" = EXCLUDED."artifactKeys", "cost" = EXCLUDED."cost", "lastUsedAt" = at;

  FOR hold_id IN
    SELECT DISTINCT "holdId" FROM jsonb_to_recordset(verdicts) AS "v"("holdId" uuid)
    WHERE "holdId" IS NOT NULL ORDER BY 1
  LOOP
    SELECT CASE WHEN bool_or("state" = 'running') THEN NULL
        ELSE COALESCE(sum("cost") FILTER (WHERE "state" = 'succeeded'), 0) END INTO charge
      FROM "NodeRunItem" WHERE "holdId" = hold_id;
    IF charge IS NOT NULL THEN
      PERFORM resolve_hold(hold_id, (CASE WHEN charge > 0 THEN 'capture' ELSE 'release' END)::"TransferKind", charge,
        'books');
    END IF;
  END LOOP;
END
$$;

-- Writes down work that came back too late: it is neither published nor charged.
CREATE FUNCTION books_late(run uuid, node text, items jsonb, why text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO "Document" ("collection", "id", "body", "updatedAt")
  SELECT 'incidents', 'late-settle:' || run || ':' || node || ':' || "index" || ':' || "execution",
    jsonb_build_object('document', jsonb_build_object(
      'what', 'Work came back when ' || why || ': it was neither published nor charged.', 'runId', run,
      'nodeId', node, 'itemIndex', "index", 'at', to_char(clock_timestamp() AT TIME ZONE 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))), clock_timestamp()
  FROM jsonb_to_recordset(items) AS "v"("index" int, "execution" int, "late" boolean)
  WHERE "late" ON CONFLICT DO NOTHING
$$;

-- Everything that a workflow has to write down at one moment, in one statement. Locks are taken in one order, whoever
-- writes: run, member's account, claims in the cache by key, then the run's own items and nodes, artifacts by key.
CREATE FUNCTION write_books(
  run uuid, owner uuid, department uuid, carry uuid[], missing text[], entries jsonb
) RETURNS jsonb LANGUAGE plpgsql
-- Planned once: rows are reached by their keys alone (see the LATERALs), however large the tables have grown since.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
AS $$
DECLARE
  status "RunStatus";
  entry jsonb;
  answers jsonb := '[]';
  touched text[] := '{}';
  claims text[];
  unknown text;
BEGIN
  SELECT "Run"."status" INTO status FROM "Run" WHERE "id" = run FOR SHARE;
  SELECT "e" ->> 'nodeId' INTO unknown FROM jsonb_array_elements(entries) AS "e"
    WHERE NOT EXISTS (SELECT FROM "NodeRun" WHERE "runId" = run AND "nodeId" = "e" ->> 'nodeId') LIMIT 1;
  IF unknown IS NOT NULL THEN RETURN jsonb_build_object('unknown', unknown); END IF;

  IF status IS NULL OR status NOT IN ('queued', 'running') THEN
    FOR entry IN SELECT * FROM jsonb_array_elements(entries) LOOP
      IF entry ->> 'kind' = 'settle' THEN
        PERFORM books_late(run, entry ->> 'nodeId', (
          SELECT jsonb_agg(jsonb_build_object('index', "w"."index", 'execution', COALESCE("i"."execution", 1),
            'late', "w"."state" = 'succeeded' AND ("i"."state" IS NULL OR "i"."state" NOT IN ('succeeded', 'cached'))))
          FROM jsonb_to_recordset(entry -> 'items') AS "w"("index" int, "state" text)
          LEFT JOIN LATERAL (
            SELECT * FROM "NodeRunItem"
            WHERE "runId" = run AND "nodeId" = entry ->> 'nodeId' AND "index" = "w"."index" LIMIT 1
          ) AS "i" ON true),
          'the run had ended as ' || status);
      END IF;
    END LOOP;
    RETURN jsonb_build_object('ended', status);
  END IF;

  IF jsonb_path_exists(entries, '$[*] ? (@.kind != "mark" && @.price > 0)') THEN
    PERFORM lock_account('member', owner);
  END IF;
  IF jsonb_path_exists(entries, '$[*] ? (@.kind == "prepare" && @.lookUp == true).items[*].key ? (@ != null)') THEN
    INSERT INTO "CacheEntry" ("departmentId", "key", "runId", "nodeId", "itemIndex", "itemName", "artifactKeys")
    SELECT DISTINCT ON ("w"."key") department, "w"."key", run, "e"."value" ->> 'nodeId', "w"."index", "w"."name", '{}'
    FROM jsonb_array_elements(entries) WITH ORDINALITY AS "e"("value", "order"),
      jsonb_to_recordset("e"."value" -> 'items') AS "w"("position" int, "index" int, "name" text, "key" text)
    WHERE "e"."value" ->> 'kind' = 'prepare' AND ("e"."value" ->> 'lookUp')::boolean AND "w"."key" IS NOT NULL
    ORDER BY "w"."key", "e"."order", "w"."position"
    ON CONFLICT DO NOTHING;
    claims := ARRAY(
      SELECT "k" #>> '{}' FROM jsonb_path_query(entries, '$[*] ? (@.kind == "prepare").items[*].key') AS "k"
      UNION
      SELECT "i"."cacheKey" FROM jsonb_array_elements(entries) AS "e"
      CROSS JOIN LATERAL jsonb_to_recordset("e" -> 'items') AS "w"("index" int)
      CROSS JOIN LATERAL (
        SELECT "cacheKey" FROM "NodeRunItem"
        WHERE "runId" = run AND "nodeId" = "e" ->> 'nodeId' AND "index" = "w"."index" LIMIT 1
      ) AS "i"
      WHERE "e" ->> 'kind' = 'settle');
    PERFORM FROM "CacheEntry" WHERE "departmentId" = department AND "key" = ANY (claims)
      ORDER BY "key" FOR NO KEY UPDATE;
  END IF;

  FOR entry IN SELECT * FROM jsonb_array_elements(entries) LOOP
    touched := array_append(array_remove(touched, entry ->> 'nodeId'), entry ->> 'nodeId');
    CASE entry ->> 'kind'
      WHEN 'mark' THEN
        PERFORM books_mark(run, entry);
        answers := answers || '[null]';
      WHEN 'prepare' THEN
        answers := answers || jsonb_build_array(books_prepare(run, owner, department, carry, missing, entry));
      ELSE
        PERFORM books_settle(run, owner, department, entry);
        answers := answers || '[null]';
    END CASE;
  END LOOP;

  PERFORM log_node_runs(run, owner, department, touched);
  RETURN jsonb_build_object('answers', answers);
END
$$;

-- What publishRunEvents of stores/events does, for node runs that are named, in the order of their names in the list.
CREATE FUNCTION log_node_runs(run uuid, owner uuid, department uuid, nodes text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "RunEventLog" ("xid", "runId", "ownerId", "departmentId", "body")
  SELECT pg_current_xact_id()::text::bigint, run, owner, department, jsonb_build_object('type', 'node-run-state',
    'runId', run, 'nodeId', "nodeId", 'state', "state", 'itemsDone', "itemsDone", 'itemsTotal', "itemsTotal",
    'itemsCached', "itemsCached", 'itemsFailed', "itemsFailed")
  FROM "NodeRun" WHERE "runId" = run AND "nodeId" = ANY (nodes) ORDER BY array_position(nodes, "nodeId");
  PERFORM pg_notify('run_events', '');
END
$$;

-- Closes whatever a run left open. The first end counts: false when it had ended before.
CREATE FUNCTION end_run(run uuid, how "RunStatus", why jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  ending "Run";
  at timestamptz := clock_timestamp();
  closed text[];
  hold record;
BEGIN
  SELECT * INTO ending FROM "Run" WHERE "id" = run FOR NO KEY UPDATE;
  IF NOT FOUND OR ending."status" NOT IN ('queued', 'running') THEN RETURN false; END IF;
  UPDATE "NodeRunItem" SET "state" = 'cancelled', "endedAt" = at
    WHERE "runId" = run AND "state" IN ('queued', 'holding', 'running');
  WITH "ended" AS (
    UPDATE "NodeRun" SET "endedAt" = at, "state" = (CASE
        WHEN "state" = 'queued' THEN CASE WHEN how = 'cancelled' THEN 'cancelled' ELSE 'skipped' END
        ELSE CASE WHEN how = 'failed' THEN 'failed' ELSE 'cancelled' END END)::"NodeRunState"
    WHERE "runId" = run AND "state" IN ('queued', 'holding', 'running') RETURNING "nodeId"
  ) SELECT array_agg("nodeId") INTO closed FROM "ended";
  UPDATE "Run" SET "status" = how, "endedAt" = at, "failure" = COALESCE(why, "failure"),
    "saved" = (SELECT COALESCE(sum("saved"), 0) FROM "NodeRun" WHERE "runId" = run)
  WHERE "id" = run;
  FOR hold IN
    SELECT "h"."id", (SELECT COALESCE(sum("i"."cost"), 0)::bigint FROM "NodeRunItem" AS "i"
        WHERE "i"."holdId" = "h"."id" AND "i"."state" = 'succeeded') AS "charge"
    FROM "Transfer" AS "h" WHERE "h"."runId" = run AND "h"."kind" = 'hold'
      AND NOT EXISTS (SELECT FROM "Transfer" AS "r" WHERE "r"."resolves" = "h"."id")
    ORDER BY "h"."createdAt", "h"."id"
  LOOP
    PERFORM resolve_hold(hold."id", (CASE WHEN hold."charge" > 0 THEN 'capture' ELSE 'release' END)::"TransferKind",
      hold."charge", 'books');
  END LOOP;
  DELETE FROM "CacheEntry" WHERE ("departmentId", "key") IN (
    SELECT "departmentId", "key" FROM "CacheEntry" WHERE "runId" = run AND "outputs" IS NULL FOR UPDATE SKIP LOCKED);
  PERFORM log_node_runs(run, ending."ownerId", ending."departmentId", closed);
  INSERT INTO "RunEventLog" ("xid", "runId", "ownerId", "departmentId", "body")
  VALUES (pg_current_xact_id()::text::bigint, run, ending."ownerId", ending."departmentId",
    jsonb_build_object('type', 'run-status', 'runId', run, 'status', how));
  RETURN true;
END
$$;
