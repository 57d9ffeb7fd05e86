using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>A page of an endpoint: the answer, and the records in it.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Url">Address that answered, with its secrets: relative addresses are resolved against it.</param>
/// <param name="Records">Records of the page.</param>
internal sealed record RestPage(RestAnswer Answer, Uri Url, RestRecords Records)
{
    /// <summary>Number of records.</summary>
    public int Count => Records.Count;

    /// <summary>Finds a value in the body; null when there is none.</summary>
    public JsonValue? Find(CursorPath path) => path.FirstIn(Records.BodyFor(path));
}
