package postgres

import "context"

// Alone runs a turn of a conversation that no update caused: because time went by, or because of what became of a file. What
// it says goes out in its place among what else is said in that chat. It is no sign of the person: neither does it count as
// the last that was heard of them, nor do they seem to be back who closed the chat to us.
func (s *Store) Alone(ctx context.Context, chat int64, step func(*Turn) error) error {
	return s.meet(ctx, []int64{chat}, func(o *once, talks map[int64]*talk) error {
		t, err := o.talkOf(chat, talks)
		if err != nil {
			return err
		}
		t.alone = true
		return o.turn(ctx, t).take(step)
	})
}
