using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>Records when a service responded, by its own clock: the header <c>Date</c>, which the SDK's responses lack.</summary>
internal sealed class AnswerTimes
{
    private readonly ConditionalWeakTable<AmazonWebServiceRequest, object> _times = [];

    public AnswerTimes(IAmazonService client)
    {
        if (client is AmazonServiceClient known) known.AfterResponseEvent += Note;
    }

    /// <summary>Time of the response to a request, in whole seconds; null if it had none.</summary>
    public DateTimeOffset? Of(AmazonWebServiceRequest request) => _times.TryGetValue(request, out var time) ? (DateTimeOffset)time : null;

    private void Note(object sender, ResponseEventArgs answer)
    {
        if (answer is not WebServiceResponseEventArgs { Request: { } request } known) return;
        var date = known.ResponseHeaders.FirstOrDefault(h => h.Key.Equals("Date", StringComparison.OrdinalIgnoreCase)).Value;
        if (DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            _times.AddOrUpdate(request, time);
    }
}
