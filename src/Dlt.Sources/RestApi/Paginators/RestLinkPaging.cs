using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>The address of the next page is in the body.</summary>
internal sealed class RestJsonLinkPaging(CursorPath path) : RestPaging
{
    /// <inheritdoc/>
    public override string Title => $"the paginator 'json_link' (next_url_path '{path.Text}')";

    /// <inheritdoc/>
    public override bool Next(RestPage page, RestRequest request)
    {
        var next = page.Find(path);
        if (next is null or { Kind: JsonKind.Null or JsonKind.False }) return false;
        if (next.Kind != JsonKind.String)
        {
            var what = next.Kind == JsonKind.Object
                ? $"an object with the keys {string.Join(", ", next.Members.Names)}"
                : $"{next.Kind.ToString().ToLowerInvariant()} {next}";
            throw new DltException(
                $"The next page at '{path.Text}' is {what}, not an address. Nothing of this run was loaded, and the state is as before. "
                + "Give the path of the address as next_url_path of the paginator, as in 'next.href'.");
        }

        if (next.AsString().Length == 0) return false;
        RestLinks.Follow(request, page.Url, next.AsString(), $"The next page at '{path.Text}'");
        return true;
    }
}

/// <summary>The address of the next page is in the header <c>Link</c>.</summary>
internal sealed class RestHeaderLinkPaging(string relation) : RestPaging
{
    /// <inheritdoc/>
    public override string Title => $"the paginator 'header_link' (links_next_key '{relation}')";

    /// <inheritdoc/>
    public override bool Next(RestPage page, RestRequest request)
    {
        if (RestLinks.Find(page.Answer.Headers, relation) is not { } next) return false;
        RestLinks.Follow(request, page.Url, next, $"The link '{relation}' of the header Link");
        return true;
    }
}
