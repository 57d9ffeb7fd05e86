using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>What another machine needs to publish a load whose files are all staged.</summary>
internal sealed record PreparedLoad
{
    /// <summary>Version hash of the schema, which <c>_dlt_version</c> holds.</summary>
    public required string SchemaHash { get; init; }

    /// <summary>Loads that are committed together, this one included. The publish object of the first is written last.</summary>
    public required ImmutableArray<string> CommitWith { get; init; }

    /// <summary>The chains in the order in which they are published.</summary>
    public required ImmutableArray<PreparedChain> Chains { get; init; }

    /// <summary>Describes a load whose jobs all have their receipts.</summary>
    /// <param name="plan">The load.</param>
    /// <param name="commitWith">Loads that are committed together.</param>
    /// <param name="receiptOf">Returns the receipt of a job.</param>
    public static PreparedLoad Of(LoadPlan plan, IEnumerable<string> commitWith, Func<LoadJob, ReadOnlyMemory<byte>> receiptOf) => new()
    {
        SchemaHash = plan.Schema.VersionHash!,
        CommitWith = [.. commitWith],
        Chains = [.. plan.Chains.Select(c => new PreparedChain(c.Root.Name, c.Mode.Name, [.. c.Tables.Select(t =>
            new PreparedTable(t.Table.Name, [.. t.Jobs.Select(j => PreparedJob.Of(j, receiptOf(j)))]))]))],
    };

    /// <summary>Returns the plan of the load. Its jobs have receipts and no files.</summary>
    /// <exception cref="DltException">This version of dlt does not know a write mode of the load.</exception>
    public LoadPlan ToPlan(string loadId, Schema schema)
    {
        var chains = Chains.Select(c => new TableChain(schema.Table(c.Root), ModeOf(c, loadId), [.. c.Tables.Select(t =>
            new ChainTable(schema.Table(t.Name), [.. t.Jobs.Select(j => j.ToJob(loadId, schema.Table(t.Name), schema))]))])).ToList();
        return new()
        {
            LoadId = loadId,
            Schema = schema,
            Prepared = [.. chains.SelectMany(c => c.Tables).Select(t => t.Table)],
            Chains = [.. chains],
        };
    }

    public JsonValue ToJson() => JsonValue.Object(
        ("schema-hash", JsonValue.String(SchemaHash)),
        ("commit-with", JsonValue.Array([.. CommitWith.Select(JsonValue.String)])),
        ("chains", JsonValue.Array([.. Chains.Select(c => c.ToJson())])));

    public static PreparedLoad FromJson(JsonValue json) => new()
    {
        SchemaHash = json["schema-hash"]!.AsString(),
        CommitWith = [.. json["commit-with"]!.Items.Select(i => i.AsString())],
        Chains = [.. json["chains"]!.Items.Select(PreparedChain.FromJson)],
    };

    private static WriteMode ModeOf(PreparedChain chain, string loadId) => ChainPublishers.ModeOf(chain.Mode)
        ?? throw new DltException($"Load {loadId} writes table '{chain.Root}' with the mode {chain.Mode}, which this version of dlt does "
            + "not know. Nothing was run. Run with the version that began the load.");
}

/// <summary>A chain of a prepared load.</summary>
/// <param name="Root">Name of the root table.</param>
/// <param name="Mode">Name of the <see cref="WriteMode"/>.</param>
/// <param name="Tables">The tables, nested ones before their parents.</param>
internal sealed record PreparedChain(string Root, string Mode, ImmutableArray<PreparedTable> Tables)
{
    public JsonValue ToJson() => JsonValue.Object(
        ("root", JsonValue.String(Root)),
        ("mode", JsonValue.String(Mode)),
        ("tables", JsonValue.Array([.. Tables.Select(t => t.ToJson())])));

    public static PreparedChain FromJson(JsonValue json) => new(
        json["root"]!.AsString(), json["mode"]!.AsString(), [.. json["tables"]!.Items.Select(PreparedTable.FromJson)]);
}

/// <summary>A table of a prepared load.</summary>
/// <param name="Name">Name of the table.</param>
/// <param name="Jobs">Its staged jobs; none for a table that only loses rows.</param>
internal sealed record PreparedTable(string Name, ImmutableArray<PreparedJob> Jobs)
{
    public JsonValue ToJson() =>
        JsonValue.Object(("name", JsonValue.String(Name)), ("jobs", JsonValue.Array([.. Jobs.Select(j => j.ToJson())])));

    public static PreparedTable FromJson(JsonValue json) =>
        new(json["name"]!.AsString(), [.. json["jobs"]!.Items.Select(PreparedJob.FromJson)]);
}
