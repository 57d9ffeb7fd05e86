using Dlt.Json;
using Dlt.State;

namespace Dlt.Tests.Core.State;

public class PipelineStateTests
{
    private const string Stored = """
        {"_state_version":3,"later":{"a":[1,null]},"_local":{"mine":true,"first_run":true,"_last_extracted_hash":"abc"},
        "_state_engine_version":4,"pipeline_name":"shop","schema_names":["b"],"default_schema_name":"b","_version_hash":"abc"}
        """;

    [Fact]
    public void Unknown_members_stay_in_their_place()
    {
        var state = new PipelineState(JsonValue.Parse(Stored));
        var changed = state.WithSchema("a").WithDataset("sales").With(state.Local.WithoutFirstRun());
        Assert.Equal(
            JsonValue.Parse("""
                {"_state_version":3,"later":{"a":[1,null]},"_local":{"mine":true,"first_run":false,"_last_extracted_hash":"abc"},
                "_state_engine_version":4,"pipeline_name":"shop","schema_names":["a","b"],"default_schema_name":"b",
                "_version_hash":"abc","dataset_name":"sales"}
                """).ToString(), changed.Json.ToString());
    }

    [Fact]
    public void Members_are_read()
    {
        var state = new PipelineState(JsonValue.Parse(Stored));
        Assert.Equal(3, state.Version);
        Assert.Equal("abc", state.VersionHash);
        Assert.Equal("b", state.DefaultSchemaName);
        Assert.Equal(["b"], state.SchemaNames);
        Assert.Null(state.DatasetName);
        Assert.True(state.Local.IsFirstRun);
        Assert.False(state.Local.IsDevMode);
        Assert.Equal("abc", state.Local.LastExtractedHash);
    }

    [Fact]
    public void Only_hashed_members_raise_the_version()
    {
        var state = PipelineState.New("here", "shop").Bumped();
        Assert.Equal(0, state.Version);
        Assert.Equal(0, state.With(state.Local.WithExtracted("abc", DateTimeOffset.UnixEpoch)).Bumped().Version);
        Assert.Equal(1, state.WithDataset("sales").Bumped().Version);
    }

    [Fact]
    public void A_state_is_restored_from_its_row_without_local_members()
    {
        var state = PipelineState.New("here", "shop").WithDestination("sales", "a", "a", "b").WithSchema("shop").Bumped();
        var row = state.ToRow("1700000000.5", DateTimeOffset.UnixEpoch);
        var read = new PipelineState(StateJson.Decompress(row["state"]!.AsString()));
        Assert.Equal(state.Json.Without("_local"), read.Json);
        Assert.Null(read.Local.IsFirstRun);
    }
}
