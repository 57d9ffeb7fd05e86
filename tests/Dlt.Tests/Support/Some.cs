using Dlt.Configuration;
using Dlt.Json;

namespace Dlt.Tests.Support;

/// <summary>Makes ordinary objects in one call.</summary>
internal static class Some
{
    /// <summary>Loads a configuration from a folder and an environment, without settings of this machine.</summary>
    public static DltConfiguration Configuration(string folder, params (string Name, string Value)[] environment)
    {
        var variables = environment.ToDictionary(e => e.Name, e => e.Value);
        return DltConfiguration.Load(new RunContext(folder, Path.Combine(folder, "global"), name => variables.GetValueOrDefault(name)));
    }

    /// <summary>Parses the stored word of a format. Null and an empty word are the destination's default.</summary>
    public static TableFormat Format(string? name) =>
        Schemas.HintText.Format(name is null ? null : JsonValue.String(name), "items");

    /// <summary>Makes a pipeline into a local account.</summary>
    public static Pipeline Pipeline(
        LocalAthena account, string name = "pipe", List<string>? warnings = null, RefreshMode? refresh = null) =>
        Dlt.Pipeline.Create(name, Dlt.Athena.Destination(account), "ds",
            new() { Configuration = Configuration(account.Folder), Warn = text => warnings?.Add(text), Refresh = refresh });

    public static LocalAthena Account(TempFolder folder) => new(folder.File("account"));

    public static JsonValue Item(string json) => JsonParser.Parse(json);

    public static Resource Resource(string name, ResourceHints? hints, params string[] items) =>
        Dlt.Resource.Create(name, items.Select(Item), hints);

    public static Resource Resource(string name, params string[] items) => Resource(name, null, items);

    /// <summary>A resource of items with the ids from 0 to below a number, of those that the state does not know yet.</summary>
    /// <param name="name">The resource.</param>
    /// <param name="end">The number.</param>
    /// <param name="hints">Hints of the resource.</param>
    /// <param name="more">Further members of each item, with a leading comma.</param>
    public static Resource Increments(string name, int end, ResourceHints? hints = null, string more = "")
    {
        return Dlt.Resource.Create(name, (context, _) => NewAsync(context), hints);

        async IAsyncEnumerable<JsonValue> NewAsync(ResourceContext context)
        {
            await Task.CompletedTask;
            for (var id = 0; id < end; id++)
                if (context.State.TryAddToList("seen", $"{id}")) yield return Item($$"""{"id":{{id}}{{more}}}""");
        }
    }

    public static async Task<QueryTable> QueryAsync(LocalAthena account, string sql, string dataset = "ds") =>
        await Dlt.Athena.QueryAsync(dataset, sql, account, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Returns the first value of a query.</summary>
    public static async Task<string?> ValueAsync(LocalAthena account, string sql, string dataset = "ds") =>
        (await QueryAsync(account, sql, dataset)).Rows[0][0];
}
