import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

from pars.access import rls

LISTED, ACTIVITY = "activities_listedactivity", "activities_activity"

# English stems, blind to accents: "Sjögren" and "sjogren" are one word.
CONFIGURATION = """
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE TEXT SEARCH CONFIGURATION public.pars_english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION public.pars_english
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem
"""

# What of these activities is public, put into the listing; what no longer is, taken out of it. As whoever changed
# them: the policies of all tables hold. Nothing that stays as it was is written.
LIST = """
CREATE FUNCTION activities_list(keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    unknown text[];
BEGIN
    DELETE FROM activities_listedactivity l WHERE l.activity_id = ANY (keys) AND NOT EXISTS (
        SELECT FROM activities_activity a
        WHERE a.id = l.activity_id AND a.listed AND a.is_complete AND a.closed_at IS NULL);

    INSERT INTO activities_listedactivity AS l (
        activity_id, organization_id, number, title, title_key, provider_name, summary, format, delivery, start_on,
        end_on, city, state, country, credits, fee, boards, categories, facets, head, words)
    SELECT a.id, a.organization_id, a.activity_id, a.title, unaccent(lower(a.title)), o.name, left(a.description, 300),
        a.format, a.delivery, a.start_on, a.end_on, a.city, a.state, a.country, a.credits, a.fee, r.boards, c.categories,
        ARRAY['format=' || a.format, 'fee=' || a.fee, 'state=' || a.state, 'country=' || a.country,
            'provider=' || a.organization_id]
            || ARRAY(SELECT 'delivery=' || one FROM unnest(a.delivery) one)
            || ARRAY(SELECT 'specialty=' || one FROM unnest(s.specialties) one)
            || ARRAY(SELECT 'credit=' || one FROM unnest(c.categories) one)
            || ARRAY(SELECT 'board=' || one FROM unnest(r.boards) one)
            || r.types,
        t.head, t.head || setweight(to_tsvector('pars_english', a.description || ' ' || a.city), 'D')
    FROM activities_activity a
    JOIN access_organization o ON o.id = a.organization_id
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT b.board::text FROM activities_boardregistration b WHERE b.activity_id = a.id ORDER BY 1)
            AS boards,
            ARRAY(SELECT DISTINCT said.facet FROM activities_boardregistration b, unnest(b.credit_types) one,
                LATERAL (VALUES ('type=' || one), ('type=' || b.board || ' ' || one)) said (facet)
                WHERE b.activity_id = a.id ORDER BY 1) AS types,
            ARRAY(SELECT DISTINCT one::text FROM activities_boardregistration b, unnest(b.practice_areas) one
                WHERE b.activity_id = a.id) AS areas) r
    CROSS JOIN LATERAL (
        SELECT ARRAY['AMA PRA Category 1']
            || ARRAY(SELECT x.category::text FROM activities_creditoffered x WHERE x.activity_id = a.id ORDER BY 1)
            AS categories) c
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT DISTINCT one FROM unnest(a.specialties::text[] || r.areas) one ORDER BY 1) AS specialties) s
    CROSS JOIN LATERAL (
        SELECT setweight(to_tsvector('pars_english', a.title || ' ' || a.activity_id), 'A')
            || setweight(to_tsvector('pars_english', array_to_string(a.tags::text[] || s.specialties, '. ') || '. '
                || coalesce((SELECT string_agg(one ->> 'topic', '. ') FROM jsonb_array_elements(a.state_topics) one), '')),
                'B')
            || setweight(to_tsvector('pars_english', o.name), 'C') AS head) t
    WHERE a.id = ANY (keys) AND a.listed AND a.is_complete AND a.closed_at IS NULL
    ON CONFLICT (activity_id) DO UPDATE SET
        title = EXCLUDED.title, title_key = EXCLUDED.title_key, provider_name = EXCLUDED.provider_name,
        summary = EXCLUDED.summary, format = EXCLUDED.format, delivery = EXCLUDED.delivery,
        start_on = EXCLUDED.start_on, end_on = EXCLUDED.end_on, city = EXCLUDED.city, state = EXCLUDED.state,
        country = EXCLUDED.country, credits = EXCLUDED.credits, fee = EXCLUDED.fee, boards = EXCLUDED.boards,
        categories = EXCLUDED.categories, facets = EXCLUDED.facets, head = EXCLUDED.head, words = EXCLUDED.words
    WHERE (l.*) IS DISTINCT FROM (EXCLUDED.*);

    -- Spellings to suggest from. One transaction at a time adds some; the others go on without, for a word that is
    -- missing costs a suggestion, and waiting for each other here could end in a deadlock.
    unknown := ARRAY(
        SELECT DISTINCT said.word FROM activities_listedactivity l,
            regexp_split_to_table(l.title_key || ' ' || unaccent(lower(l.provider_name)) || ' '
                || coalesce((SELECT unaccent(lower(string_agg(split_part(one, '=', 2), ' '))) FROM unnest(l.facets) one
                    WHERE one LIKE 'specialty=%'), ''), '[^a-z]+') said (word)
        WHERE l.activity_id = ANY (keys) AND length(said.word) BETWEEN 4 AND 30
            AND NOT EXISTS (SELECT FROM activities_listedword known WHERE known.word = said.word));
    IF cardinality(unknown) > 0 AND pg_try_advisory_xact_lock(hashtextextended('activities_listedword', 0)) THEN
        INSERT INTO activities_listedword (word) SELECT unnest(unknown) ON CONFLICT DO NOTHING;
    END IF;
END $$
"""

# Statement-level: one call for all rows of a statement.
FUNCTIONS = """
CREATE FUNCTION activities_list_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE keys bigint[] := ARRAY(SELECT id FROM changed WHERE listed AND is_complete);
BEGIN
    IF cardinality(keys) > 0 THEN PERFORM activities_list(keys); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION activities_list_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE keys bigint[] := ARRAY(
    SELECT changed.id FROM changed JOIN before ON before.id = changed.id
    WHERE before.listed AND before.is_complete OR changed.listed AND changed.is_complete);
BEGIN
    IF cardinality(keys) > 0 THEN PERFORM activities_list(keys); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION activities_list_what_hangs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE keys bigint[] := ARRAY(SELECT l.activity_id FROM activities_listedactivity l
    WHERE l.activity_id IN (SELECT activity_id FROM changed));
BEGIN
    IF cardinality(keys) > 0 THEN PERFORM activities_list(keys); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION activities_list_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE keys bigint[] := ARRAY(SELECT l.activity_id FROM activities_listedactivity l
    WHERE l.organization_id = NEW.id AND l.provider_name <> NEW.name);
BEGIN
    IF cardinality(keys) > 0 THEN PERFORM activities_list(keys); END IF;
    RETURN NULL;
END $$
"""


def trigger(name, event, table, transition, function):
    return (
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {transition} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


TRIGGERS = [
    trigger("list_added", "INSERT", ACTIVITY, "NEW TABLE AS changed", "activities_list_added"),
    trigger(
        "list_changed",
        "UPDATE",
        ACTIVITY,
        "OLD TABLE AS before NEW TABLE AS changed",
        "activities_list_changed",
    ),
    *(
        trigger(
            f"list_{event.lower()}", event, table, f"{which} TABLE AS changed", "activities_list_what_hangs"
        )
        for table in ("activities_boardregistration", "activities_creditoffered")
        for event, which in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ),
    (
        "CREATE TRIGGER list_renamed AFTER UPDATE OF name ON access_organization "
        "FOR EACH ROW EXECUTE FUNCTION activities_list_renamed()"
    ),
]


class Migration(migrations.Migration):
    """What the public may search, in a table that holds nothing else; kept by triggers (docs/adr/0020)."""

    dependencies = [("access", "0001_initial"), ("activities", "0004_staged")]

    operations = [
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION public.pars_english"),
        migrations.CreateModel(
            name="ListedActivity",
            fields=[
                (
                    "activity",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="activities.activity",
                    ),
                ),
                ("number", models.CharField(max_length=9, unique=True)),
                ("title", models.CharField(max_length=250)),
                ("title_key", models.TextField()),
                ("provider_name", models.CharField(max_length=200)),
                ("summary", models.CharField(max_length=300)),
                ("format", models.CharField(max_length=40)),
                (
                    "delivery",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                ("start_on", models.DateField()),
                ("end_on", models.DateField()),
                ("city", models.CharField(max_length=100)),
                ("state", models.TextField()),
                ("country", models.CharField(max_length=3)),
                ("credits", models.DecimalField(decimal_places=2, max_digits=6)),
                ("fee", models.CharField(max_length=20)),
                (
                    "boards",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=8), size=None
                    ),
                ),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                (
                    "facets",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("head", django.contrib.postgres.search.SearchVectorField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organization",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["facets", "head", "words"], name="listed_search", fastupdate=False
                    ),
                    models.Index(fields=["end_on", "activity"], name="listed_ends"),
                    models.Index(fields=["start_on", "activity"], name="listed_starts"),
                    models.Index(fields=["title_key", "activity"], name="listed_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedWord",
            fields=[
                ("word", models.CharField(max_length=30, primary_key=True, serialize=False)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["word"], name="listed_spelling", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
        ),
        migrations.RunSQL(
            f"ALTER TABLE {LISTED} ADD CONSTRAINT listed_same_organization FOREIGN KEY (activity_id, organization_id) "
            f"REFERENCES {ACTIVITY} (id, organization_id) ON DELETE CASCADE",
            migrations.RunSQL.noop,
        ),
        # All of it is public. What is put in must be: the second fence against a trigger or an action that errs.
        rls.isolate(
            LISTED,
            see="true",
            write=f"({rls.any_of(rls.OPERATOR, rls.own(LISTED, 'provider'))} AND EXISTS ("
            f"SELECT FROM {ACTIVITY} a WHERE a.id = {LISTED}.activity_id AND a.listed AND a.is_complete))",
            delete=rls.own(LISTED, "provider"),
        ),
        rls.allow_only("activities_listedword", "SELECT, INSERT"),
        migrations.RunSQL(LIST, "DROP FUNCTION activities_list(bigint[])"),
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION activities_list_added(), activities_list_changed(), activities_list_what_hangs(), "
            "activities_list_renamed() CASCADE",
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in TRIGGERS),
        migrations.RunSQL(
            f"SELECT activities_list(ARRAY(SELECT id FROM {ACTIVITY} WHERE listed AND is_complete))",
            migrations.RunSQL.noop,
        ),
    ]
