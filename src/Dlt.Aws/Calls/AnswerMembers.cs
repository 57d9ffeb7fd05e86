using System.Text.Json;

namespace Dlt.Aws;

/// <summary>
/// Reads what a response must have. A proxy, or a service that only resembles the one of AWS, may respond 200 without it.
/// </summary>
internal static class AnswerMembers
{
    /// <summary>Returns a member of a response.</summary>
    /// <param name="answer">The response, or a part of it.</param>
    /// <param name="name">Name of the member.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="call">Service and operation, such as <c>Glue to GetTable of table 'a.b'</c>.</param>
    /// <exception cref="DltException">The member is missing or of another kind.</exception>
    public static JsonValue Member(this JsonValue answer, string name, JsonKind kind, string call) =>
        answer is { Kind: JsonKind.Object } && answer[name] is { } member && member.Kind == kind ? member : throw Incomplete(call, name);

    /// <summary>Returns the text of a member of a response.</summary>
    /// <inheritdoc cref="Member"/>
    public static string Text(this JsonValue answer, string name, string call) => answer.Member(name, JsonKind.String, call).AsString();

    /// <summary>Reads a time in seconds; null when it is missing or no time of the calendar.</summary>
    public static DateTimeOffset? Time(JsonValue? seconds)
    {
        if (seconds is not { Kind: JsonKind.Integer or JsonKind.Real }) return null;
        var value = seconds.AsDouble();
        return value is >= 0 and < 253_402_300_799 ? DateTimeOffset.UnixEpoch.AddSeconds(value) : null;
    }

    /// <summary>Reads a part of a response into an object.</summary>
    /// <param name="read">Reads it.</param>
    /// <param name="name">Name of the part.</param>
    /// <param name="call">Service and operation.</param>
    /// <exception cref="DltException">The part lacks a member, or has one of another kind.</exception>
    public static T Read<T>(Func<T> read, string name, string call)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Incomplete(call, name, error);
        }
    }

    private static DltException Incomplete(string call, string name, Exception? error = null) => new(
        $"The response of {call} has no complete '{name}', as that of a proxy or of another service may be. {ForeignPage.Remedy}", error)
    { IsTransient = true };
}
