using System.Net.Http.Headers;
using System.Text;

namespace Dlt;

/// <summary>An answer of the API, with its whole body.</summary>
/// <param name="Url">Address that answered, without secrets.</param>
/// <param name="StatusCode">Status, such as 200.</param>
/// <param name="Headers">Headers of the answer.</param>
/// <param name="Body">Body in UTF-8, unpacked.</param>
public sealed record RestAnswer(string Url, int StatusCode, HttpResponseHeaders Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The body as a text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The body as JSON.</summary>
    /// <exception cref="JsonFormatException">The body is not JSON.</exception>
    public JsonValue Json { get => field ??= JsonValue.Parse(Body.Span, Url); init; }
}
